import { createHash } from "node:crypto"
import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Answer, RegistryClient, type TestImage } from "@entrepot/testing"
import { expect, onTestFinished } from "vitest"
import type { CareView } from "../../registry/administration/registry-service.ts"
import { Caller, claimServer, createKey } from "../caller.fixture.ts"
import { type ServerProcess, type ServerProgram, startServerProcess } from "../server-process.fixture.ts"

/** A running server that can be ended and started again over the same files, before upstreams of the test and no others. */
export interface FaultScene {
  readonly directory: string
  /** Where its blobs are. */
  readonly store: string
  readonly server: ServerProcess
  readonly admin: Caller
  /** `Authorization` of whoever may push to project `team`. */
  readonly login: string
  /** Shows that login. */
  readonly pusher: RegistryClient
  /** Shows no login. */
  readonly reader: RegistryClient
  /** Ends the server, if it runs, and starts it again; resolves when /readyz says so, with the milliseconds that this took. */
  restart(signal?: "SIGTERM" | "SIGKILL"): Promise<number>
  /** What grows below the store, by name. */
  partials(): Promise<readonly string[]>
}

export interface FaultSceneOptions {
  readonly program: Pick<ServerProgram, "path">
  /** By the registry that they serve: `http://127.0.0.1:5000`. */
  readonly upstreams?: Readonly<Record<string, string>>
  /** Default 0: a tag is asked for each time. */
  readonly tagLifetimeMs?: number
  /** Default: below the data directory. */
  readonly store?: string
  readonly variables?: Readonly<Record<string, string>>
}

/** Goes with the test. */
export async function faultScene(options: FaultSceneOptions): Promise<FaultScene> {
  const { program, upstreams = {}, tagLifetimeMs = 0, store } = options
  const directory = await mkdtemp(join(tmpdir(), "entrepot-faults-"))
  const variables = { ENTREPOT_LANG: "en", ...(store === undefined ? {} : { BLOB_DIR: store }), ...options.variables }
  let server = await startServerProcess({ program, directory, variables })
  onTestFinished(async () => {
    await server[Symbol.asyncDispose]()
    await rm(directory, { recursive: true, force: true })
  })
  let admin = await claimServer(server.url, "a token of our own")
  await leadTo(admin, upstreams, tagLifetimeMs)
  await admin.call("mutation", "projects.create", { name: "team" })
  const key = await createKey(admin, "ci", ["push"])
  const login = `Basic ${Buffer.from(`ci:${key}`).toString("base64")}`
  const place = store ?? join(directory, "data", "registry")
  return {
    directory,
    store: place,
    login,
    get server() {
      return server
    },
    get admin() {
      return admin
    },
    get pusher() {
      return new RegistryClient({ origin: server.url, authorization: () => login })
    },
    get reader() {
      return new RegistryClient({ origin: server.url })
    },
    async restart(signal = "SIGKILL") {
      await server.stop(signal)
      const startedAt = performance.now()
      server = await startServerProcess({ program, directory, variables })
      while ((await fetch(`${server.url}/readyz`)).status !== 200) await new Promise((resolve) => setTimeout(resolve, 10))
      admin = new Caller(server.url, { cookie: admin.cookie ?? "" })
      return performance.now() - startedAt
    },
    partials: () => readdir(join(place, "partials")),
  }
}

/** In place of the well-known registries, which are not to be dialled. */
async function leadTo(admin: Caller, upstreams: Readonly<Record<string, string>>, tagLifetimeMs: number): Promise<void> {
  const known = await admin.call<{ upstreams: { readonly id: number }[] }>("query", "upstreams.list")
  for (const { id } of known.upstreams) await admin.call("mutation", "upstreams.remove", { id })
  for (const [registry, url] of Object.entries(upstreams)) {
    await admin.call("mutation", "upstreams.create", { name: registry, registry, url, tagLifetimeMs })
  }
}

/** Asks for a collection of garbage, and waits for its end. */
export async function collectGarbage(admin: Caller): Promise<void> {
  const { id } = await admin.call<CareView>("mutation", "registry.startCare", { kind: "garbage" })
  const run = async () => (await admin.call<readonly CareView[]>("query", "registry.care")).find((each) => each.id === id)
  await expect.poll(run, { timeout: 20_000, interval: 20 }).toMatchObject({ isRunning: false, error: null })
}

/** What a whole answer for a blob was: `right`, `wrong`, or its status where it was refused. */
export function judged({ status, body }: Answer, digest: string): "right" | "wrong" | number {
  if (status !== 200) return status
  return `sha256:${createHash("sha256").update(body).digest("hex")}` === digest ? "right" : "wrong"
}

/** What became of each blob of the image, and of its manifest, when they were read whole. */
export async function readWhole(client: RegistryClient, repository: string, reference: string, image: TestImage) {
  const found = await client.manifest(repository, reference)
  const outcomes: (string | number)[] = [found?.bytes.equals(image.manifest) ? "right" : `manifest ${found?.digest}`]
  for (const digest of image.blobs.keys()) {
    outcomes.push(judged(await client.request("GET", `/v2/${repository}/blobs/${digest}`), digest))
  }
  return [...new Set(outcomes)]
}
