import { createHmac } from "node:crypto"
import { image, RegistryClient, type TestImage, testRegistry } from "@entrepot/testing"
import { onTestFinished } from "vitest"
import type { Actor } from "../accounts/actor.ts"
import { claimServer } from "../e2e/caller.fixture.ts"
import { impatient, silentLog, testConfiguration, testDirectory } from "../runtime/runtime.fixture.ts"
import { startServer } from "../start-server.ts"

/** What one of the callers sends as Authorization, and what they may do in `secret`. */
export interface Shows {
  readonly authorization: string | undefined
  readonly may: readonly ("pull" | "push" | "delete")[]
}

export interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly text: string
}

export const secretImage = image({ seed: "secret of a project", layers: [{ sizeBytes: 3000 }] })
export const ownImage = image({ seed: "of bea alone", layers: [{ sizeBytes: 3000 }] })
export const layerOf = (of: TestImage): string => [...of.blobs.keys()].at(-1) ?? ""
export const basic = (user: string, password: string): string => `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`

/** A web user's words at the services, without a session. */
function actorOf(userId: number, name: string, role: Actor["role"]): Actor {
  return { userId, name, role, via: "terminal", mustChange: false, credentialId: "", address: "" }
}

/**
 * A started server that people log in to, by an account `ci`, with the private projects `secret` and `mine` and the public one `open`; and an upstream
 * with `library/free` (whitelisted), `library/paid`, `denied/app` (whitelisted and denied). Bea pushes to `mine` alone.
 */
export async function rightsScene() {
  const images = Object.fromEntries(["library/free:1", "library/paid:1", "denied/app:1"].map((name) => [name, secretImage]))
  const hub = await testRegistry({ images })
  onTestFinished(() => hub[Symbol.asyncDispose]())
  const clock = { skewMs: 0 }
  const directory = await testDirectory()
  const settings = testConfiguration(directory)
  const accounts = [{ username: "ci", password: "account pw" }]
  const server = await startServer(
    {
      ...settings,
      listen: { host: "127.0.0.1", port: 0 },
      trustedProxies: ["127.0.0.1"],
      hosts: { [hub.host]: { plainHttp: true } },
      registry: { ...settings.registry, upstream: hub.origin, accounts },
    },
    {
      log: silentLog,
      graceMs: 100,
      runtime: { ...impatient, now: () => Date.now() + clock.skewMs, accounts: { cost: { n: 16, r: 1, p: 1 } } },
    },
  )
  onTestFinished(() => server.close())
  const { services } = server.runtime
  await claimServer(server.url, "a token of our own 0123")
  const [first] = await services.accounts.listUsers(actorOf(1, "admin", "admin"))
  const admin = actorOf(first?.id ?? 0, "admin", "admin")
  const projects = new Map<string, number>()
  for (const name of ["secret", "mine", "open"]) {
    projects.set(name, (await services.projects.create(admin, { name, isPublic: name === "open" })).id)
  }
  // Where the test's own upstream has nothing, nobody else is asked.
  for (const { id, registry } of await services.upstreams.list(admin)) {
    if (id > 0 && registry === "docker.io") await services.upstreams.update(admin, id, { enabled: false })
  }
  for (const prefix of ["library/free", "denied"]) await services.pullAccess.createRule(admin, { effect: "allow", prefix })
  await services.pullAccess.createRule(admin, { effect: "deny", prefix: "denied/app" })

  let asked = 0
  // Each from an address of its own, so that no guess slows down the next one.
  const ask = async (method: string, path: string, authorization?: string, body?: Buffer | string, type?: string) => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      redirect: "manual",
      headers: {
        "x-forwarded-for": `10.0.${asked >> 8}.${asked++ & 255}`,
        ...(authorization ? { authorization } : {}),
        ...(type ? { "content-type": type } : {}),
      },
      ...(body === undefined ? {} : { body }),
    })
    return { status: response.status, headers: response.headers, text: await response.text() } satisfies Answered
  }
  const key = async (name: string, role: Actor["role"], scopes: readonly ("push" | "pull" | "admin" | "jobs:read")[]) => {
    const known = (await services.accounts.listUsers(admin)).find((user) => user.name === name)
    const user = known ?? (await services.accounts.createUser(admin, { name, role, password: `password of ${name}` }))
    const made = await services.accounts.createKey(actorOf(user.id, name, role), { name: "ci", scopes, expiresAt: null })
    return { userId: user.id, id: made.key.id, authorization: basic(name, made.secret), actor: actorOf(user.id, name, role) }
  }
  const member = (project: string, kind: "web-user" | "pull-user", memberId: number, role: "pull" | "push" | "admin") =>
    services.pullAccess.putMember(admin, { projectId: projects.get(project) ?? 0, kind, memberId, role })
  const pullUser = (name: string) => services.pullAccess.createUser(admin, { name, password: `password of ${name}` })
  const token = async (authorization: string | undefined, ...scopes: readonly string[]): Promise<string> => {
    const query = scopes.map((scope) => `&scope=${encodeURIComponent(scope)}`).join("")
    const { text } = await ask("GET", `/v2/auth?service=docker-image-proxy${query}`, authorization)
    return `Bearer ${(JSON.parse(text) as { token: string }).token}`
  }
  const client = (authorization: string | undefined) =>
    new RegistryClient({ origin: server.url, authorization: () => authorization })
  return { server, services, hub, admin, projects, clock, ask, key, member, pullUser, token, client, directory }
}

export type RightsScene = Awaited<ReturnType<typeof rightsScene>>

/** A token as somebody else's server would sign it. */
export function foreignToken(claims: Readonly<Record<string, unknown>>): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url")
  const text = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`
  return `Bearer ${text}.${createHmac("sha256", "somebody else's secret").update(text).digest("base64url")}`
}
