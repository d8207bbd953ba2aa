import { mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { HostLimits, TransferSession } from "@entrepot/core"
import { type Answer, listenOnLoopback, RegistryClient } from "@entrepot/testing"
import type { AccessRules, Action, Authenticator, Subject } from "../access/access.ts"
import type { AccessEntry } from "../access-log/access-entry.ts"
import { createDiskBlobStore } from "../blobs/disk-blob-store.ts"
import { createRegistry, type RegistryOptions } from "../create-registry.ts"
import type { RegistryProxy } from "../proxy/registry-proxy.ts"
import type { Upstream } from "../proxy/upstream.ts"
import { freshDatabase } from "../warehouse/fresh-database.fixture.ts"
import { Warehouse } from "../warehouse/warehouse.ts"

/** Rules that a test changes as it goes. */
export interface TestRules {
  open: boolean
  readonly whitelist: Set<string>
  readonly denied: Set<string>
}

export interface RegistryServer extends AsyncDisposable {
  readonly origin: string
  readonly port: number
  readonly directory: string
  readonly warehouse: Warehouse
  readonly proxy: RegistryProxy
  readonly rules: TestRules
  /** What the access log was told, in order. */
  readonly entries: readonly AccessEntry[]
  /** What was logged as a mistake of ours. */
  readonly mistakes: readonly object[]
  /** Requests that have come and are not answered yet; like `parsed` without those that the lane answered. */
  readonly underWay: number
  /** Requests that Node's parser has read. */
  readonly parsed: number
  /** Requests as `robot`, who may pull, push and delete in `team` and `other`. */
  readonly robot: RegistryClient
  /** Requests without a login. */
  readonly anyone: RegistryClient
  /** `reader` may pull there, `stranger` may nothing. */
  as(login: "robot" | "reader" | "stranger"): RegistryClient
  close(): Promise<void>
}

const all: readonly Action[] = ["pull", "push", "delete"]
const logins: Readonly<Record<string, readonly Action[]>> = { robot: all, reader: ["pull"], stranger: [] }

/** Options of `registryServer` that are not the registry's own. */
export interface ServerChoices {
  readonly upstreams?: readonly Upstream[]
  /** Of names without one. Default `hub.test`. */
  readonly defaultRegistry?: string
}

/**
 * A whole registry over a real database and directory, behind a real server, with the private projects `team` and `other`, and the public one `open`.
 * In open mode, unless the rules are changed.
 */
export async function registryServer(
  options: Partial<Omit<RegistryOptions, "upstreams">> & ServerChoices = {},
): Promise<RegistryServer> {
  const { upstreams = [], defaultRegistry = "hub.test", ...given } = options
  const directory = await mkdtemp(join(tmpdir(), "entrepot-http-"))
  const database = await freshDatabase(join(directory, "test.db"))
  const blobs = await createDiskBlobStore({ directory: join(directory, "warehouse") })
  const entries: AccessEntry[] = []
  const mistakes: object[] = []
  const log = { debug() {}, info() {}, warn() {}, error: (details: object) => void mistakes.push(details) }
  const warehouse = new Warehouse({ stores: { warehouse: database.warehouse }, blobs, log })
  const owner = await database.users.create({ name: "owner", role: "admin", passwordHash: "" }, Date.now())
  const projects = new Map<string, number>()
  for (const name of ["team", "other", "open"]) {
    const project = await database.projects.create({ name, ownerId: owner.id, targetId: null, path: "" }, Date.now())
    projects.set(name, project.id)
  }
  const rules: TestRules = { open: true, whitelist: new Set(), denied: new Set() }
  const registry = createRegistry({
    warehouse,
    blobs,
    upstreams: { list: () => upstreams, defaultRegistry },
    upstreamHttp: { limits: new HostLimits() },
    session: new TransferSession({ retryAttempts: 2, retryMinMs: 1, retryMaxMs: 5 }),
    rules: rulesOf(rules, projects),
    authenticator,
    tokens: { secrets: [Buffer.alloc(32, 7)], service: "entrepot" },
    clientOf: (request) => ({ address: request.socket.remoteAddress ?? "", https: false, host: request.headers.host }),
    accessLog: { add: (entry) => void entries.push(entry) },
    log,
    ...given,
  })
  let underWay = 0
  let parsed = 0
  const server = createServer((request, response) => {
    underWay += 1
    parsed += 1
    response.once("close", () => {
      underWay -= 1
    })
    if (!registry.handle(request, response)) response.writeHead(418).end("not the registry's")
  })
  const lane = registry.openLane(server)
  const listening = await listenOnLoopback(server)
  const { origin, port } = listening
  const as = (login: string) => new RegistryClient({ origin, authorization: () => authorizationOf(login) })
  const close = async () => {
    lane.close()
    await listening.close()
    await registry.close()
    await warehouse.close()
    await blobs.close()
    await database.close()
    await rm(directory, { recursive: true, force: true })
  }
  return {
    origin,
    port,
    directory,
    warehouse,
    proxy: registry.proxy,
    rules,
    entries,
    mistakes,
    get underWay() {
      return underWay
    },
    get parsed() {
      return parsed
    },
    robot: as("robot"),
    anyone: new RegistryClient({ origin }),
    as,
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** The Authorization of one of the logins. */
export function authorizationOf(login: string): string {
  return `Basic ${Buffer.from(`${login}:ept_${login}`).toString("base64")}`
}

/** The error of an answer: `404 MANIFEST_UNKNOWN`. */
export function errorOf({ status, body }: Pick<Answer, "status" | "body">): string {
  const { errors } = JSON.parse(body.toString("utf8")) as { errors: readonly { code: string }[] }
  return `${status} ${errors.map(({ code }) => code).join(" ")}`
}

function rulesOf(rules: TestRules, projects: ReadonlyMap<string, number>): AccessRules {
  return {
    get open() {
      return rules.open
    },
    isWhitelisted: (name) => rules.whitelist.has(name),
    isDenied: (name) => rules.denied.has(name),
    project: (name) => {
      const id = projects.get(name)
      const actionsOf = (subject: Subject) => logins[subject.name] ?? []
      return id === undefined ? undefined : { id, name, isPublic: name === "open", actionsOf }
    },
  }
}

const authenticator: Authenticator = {
  authenticate: async (username, password) =>
    username in logins && password === `ept_${username}`
      ? { kind: "key", name: username, id: 1, ceiling: all, isAdmin: false, credential: "1" }
      : undefined,
  stands: () => true,
  claims: (_, password) => password.startsWith("ept_"),
  underBackoff: (_username, _address, check) => check(),
}
