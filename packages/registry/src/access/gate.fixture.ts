import type { ResolvedName } from "../proxy/resolved-name.ts"
import type { UpstreamLogin } from "../proxy/upstream-login.ts"
import { RegistryError } from "../registry-error.ts"
import type { AccessRules, Action, Authenticator, Subject } from "./access.ts"
import { createGate, type GateOptions, type RegistryGate } from "./create-gate.ts"
import type { Caller } from "./gate.ts"
import type { TokenAnswer } from "./token-endpoint.ts"

/** Rules and people that a test changes as it goes. */
export interface TestPeople {
  open: boolean
  whitelist: Set<string>
  denied: Set<string>
  /** Project name → public or not, and who may do what. */
  projects: Map<string, { isPublic: boolean; members: Map<string, readonly Action[]> }>
  /** `NAME:PASSWORD`. */
  readonly logins: Map<string, Subject>
  /** Whether anything shown could only be meant for us. */
  claimsAll: boolean
  /** How often a password was looked at. */
  checked: number
}

export interface TestGate {
  readonly gate: RegistryGate
  readonly people: TestPeople
  /** Milliseconds since 1970; tests move it. */
  readonly clock: { now: number }
  /** A token for these scopes. */
  token(scopes: readonly string[], login?: string, service?: string): Promise<string>
  answer(scopes: readonly string[], login?: string, service?: string): Promise<TokenAnswer>
  /** What comes of a request, as one line: `alice`, `anonymous (public)`, `401 …challenge`, `403 DENIED`. */
  ask(authorization: string | undefined, action: Action, name: string): Promise<string>
  askBase(authorization: string | undefined, action?: "base" | "catalog" | "search"): Promise<string>
}

export const secret = Buffer.alloc(32, 7)
export const service = "entrepot"
export const origin = "https://mirror.example.com"
export const start = Date.parse("2026-11-21T12:00:00Z")

export function callerOf(authorization: string | undefined): Caller {
  return { authorization, address: "192.0.2.1", origin }
}

export function basic(login: string): string {
  return `Basic ${Buffer.from(login).toString("base64")}`
}

export function subjectOf(name: string, ceiling: readonly Action[] = ["pull"], rest: Partial<Subject> = {}): Subject {
  return { kind: "pull-user", name, id: name.length, ceiling, isAdmin: false, credential: "1", ...rest }
}

/** Hosted projects first, then `docker.io/` and `ghcr.io/`, then the default registry. */
export function resolveIn(people: TestPeople): (name: string) => ResolvedName {
  return (name) => {
    if (!/^[a-z0-9./_:-]+$/.test(name)) throw new RegistryError("NAME_INVALID", "that is no name")
    const [first = "", ...rest] = name.split("/")
    if (people.projects.has(first)) return { kind: "hosted", project: first, name }
    if (first.includes(".")) return { kind: "proxied", name, registry: first, path: rest.join("/") }
    const path = rest.length === 0 ? `library/${name}` : name
    return { kind: "proxied", name: `docker.io/${path}`, registry: "docker.io", path }
  }
}

export function testGate(
  options: Partial<GateOptions> & { readonly upstreamChallenge?: string; readonly accepts?: UpstreamLogin["accepts"] } = {},
): TestGate {
  const clock = { now: start }
  const people: TestPeople = {
    open: true,
    whitelist: new Set(),
    denied: new Set(),
    projects: new Map(),
    logins: new Map(),
    claimsAll: false,
    checked: 0,
  }
  const resolve = resolveIn(people)
  const { upstreamChallenge, accepts, ...rest } = options
  const upstream: UpstreamLogin = { registry: "docker.io", challenge: () => upstreamChallenge, ...(accepts ? { accepts } : {}) }
  const gate = createGate({
    rules: rulesOf(people),
    authenticator: authenticatorOf(people),
    tokens: { secrets: [secret], service },
    resolve,
    upstream,
    now: () => clock.now,
    ...rest,
  })
  const answer: TestGate["answer"] = (scopes, login, asked = service) => {
    const query = new URLSearchParams({ service: asked })
    for (const scope of scopes) query.append("scope", scope)
    const authorization = login === undefined ? undefined : basic(login)
    return gate.token({ method: "GET", query, ...callerOf(authorization) })
  }
  const tell = async (work: () => ReturnType<RegistryGate["admit"]>): Promise<string> => {
    try {
      const { subject, identity, isPublic } = await work()
      return [
        subject.name || "anonymous",
        ...(isPublic ? ["(public)"] : []),
        ...(identity ? [`as ${showsOf(identity)}`] : []),
      ].join(" ")
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error
      return [error.status, error.code, error.challenge].filter((part) => part !== undefined).join(" ")
    }
  }
  return {
    gate,
    people,
    clock,
    answer,
    token: async (...asked) => String((await answer(...asked)).body.token),
    ask: (authorization, action, name) => tell(() => gate.admit(callerOf(authorization), action, resolve(name))),
    askBase: (authorization, action = "base") => tell(() => gate.admitBase(callerOf(authorization), action)),
  }
}

function showsOf({ shows }: NonNullable<Awaited<ReturnType<RegistryGate["admit"]>>["identity"]>): string {
  if ("bearer" in shows) return "bearer"
  return "username" in shows.credentials ? `${shows.credentials.username}:${shows.credentials.password}` : "identity token"
}

function rulesOf(people: TestPeople): AccessRules {
  return {
    get open() {
      return people.open
    },
    isWhitelisted: (name) => people.whitelist.has(name),
    isDenied: (name) => people.denied.has(name),
    project: (name) => {
      const project = people.projects.get(name)
      return (
        project && { id: 1, name, isPublic: project.isPublic, actionsOf: (subject) => project.members.get(subject.name) ?? [] }
      )
    },
  }
}

function authenticatorOf(people: TestPeople): Authenticator {
  return {
    authenticate: async (username, password) => {
      people.checked++
      return people.logins.get(`${username}:${password}`)
    },
    stands: (subject) =>
      [...people.logins.values()].some((known) => known.name === subject.name && known.credential === subject.credential),
    claims: (_, password) => people.claimsAll || password.startsWith("ept_"),
    underBackoff: (_username, _address, check) => check(),
  }
}
