import { randomBytes } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { openDatabase } from "@entrepot/db"
import { type Answer, listenOnLoopback, RegistryClient } from "@entrepot/testing"
import type { Action } from "../access/access.ts"
import { basic, resolveIn, subjectOf, type TestGate, testGate } from "../access/gate.fixture.ts"
import type { AccessEntry } from "../access-log/access-entry.ts"
import { createDiskBlobStore } from "../blobs/disk-blob-store.ts"
import { Warehouse } from "../warehouse/warehouse.ts"
import { createRegistryListener } from "./create-registry-listener.ts"
import type { RegistryParts } from "./registry-parts.ts"

export interface RegistryServer extends AsyncDisposable {
  readonly origin: string
  readonly port: number
  readonly gate: TestGate
  readonly warehouse: Warehouse
  /** What the access log was told, in order. */
  readonly entries: readonly AccessEntry[]
  /** What was logged as a mistake of ours. */
  readonly mistakes: readonly object[]
  /** Requests as `robot`, who may pull, push and delete in `team` and `other`. */
  readonly robot: RegistryClient
  /** Requests without a login. */
  readonly anyone: RegistryClient
  as(login: string): RegistryClient
}

const all: readonly Action[] = ["pull", "push", "delete"]

/** The listener over a real warehouse and a real gate, with the private projects `team` and `other`, and the public one `open`. */
export async function registryServer(parts: Partial<RegistryParts> = {}): Promise<RegistryServer> {
  const directory = await mkdtemp(join(tmpdir(), "entrepot-http-"))
  const database = await openDatabase({ kind: "sqlite", path: join(directory, "test.db") })
  const blobs = await createDiskBlobStore({ directory: join(directory, "warehouse") })
  const silent = { debug() {}, info() {}, warn() {}, error() {} }
  const warehouse = new Warehouse({ stores: { warehouse: database.warehouse }, blobs, log: silent })
  const gate = testGate()
  const { people } = gate
  for (const name of ["robot", "reader", "stranger"]) {
    people.logins.set(`${name}:ept_secret`, subjectOf(name, all, { kind: "key" }))
  }
  const members = new Map([
    ["robot", all],
    ["reader", ["pull"] as const],
  ])
  const owner = await database.users.create({ name: "owner", role: "admin", passwordHash: "" }, Date.now())
  const ids = new Map<string, number>()
  for (const name of ["team", "other", "open"]) {
    people.projects.set(name, { isPublic: name === "open", members })
    const project = await database.projects.create({ name, ownerId: owner.id, targetId: null, path: "" }, Date.now())
    ids.set(name, project.id)
  }
  const entries: AccessEntry[] = []
  const mistakes: object[] = []
  const resolve = resolveIn(people)
  const listener = createRegistryListener({
    gate: gate.gate,
    resolve,
    hosted: ({ name, project }) => warehouse.hosted({ name, projectId: ids.get(project) ?? 0 }),
    proxied: () => {
      throw new Error("this test has no upstreams")
    },
    mayLogInUpstream: () => false,
    repositories: async (page) => (await warehouse.listRepositories(page)).map(({ name }) => resolve(name)),
    search: async () => ({ results: [], total: 0, upstream: "docker.io" }),
    nameOfResult: ({ name }) => resolve(name),
    clientOf: (request) => ({ address: request.socket.remoteAddress ?? "", https: false, host: request.headers.host }),
    accessLog: { add: (entry) => void entries.push(entry) },
    sendFile: undefined,
    tagCacheS: 60,
    bodyIdleMs: 30_000,
    log: { error: (details) => void mistakes.push(details) },
    ...parts,
  })
  const server = createServer((request, response) => {
    if (!listener(request, response)) response.writeHead(418).end("not the registry's")
  })
  const { origin, port, close } = await listenOnLoopback(server)
  const as = (login: string) => new RegistryClient({ origin, authorization: () => basic(`${login}:ept_secret`) })
  return {
    origin,
    port,
    gate,
    warehouse,
    entries,
    mistakes,
    robot: as("robot"),
    anyone: new RegistryClient({ origin }),
    as,
    async [Symbol.asyncDispose]() {
      await close()
      await warehouse.close()
      await blobs.close()
      await database.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** The error of an answer: `404 MANIFEST_UNKNOWN`. */
export function errorOf({ status, body }: Answer): string {
  const { errors } = JSON.parse(body.toString("utf8")) as { errors: readonly { code: string }[] }
  return `${status} ${errors.map(({ code }) => code).join(" ")}`
}

/** Bytes that nobody has seen before. */
export function freshBytes(count: number): Buffer {
  return randomBytes(count)
}
