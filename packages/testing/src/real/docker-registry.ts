import { execFileSync } from "node:child_process"
import { existsSync } from "node:fs"
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { RegistryClient } from "../registry-client.ts"
import { startChild, waitUntilReady } from "./child-process.ts"
import { freePort } from "./free-port.ts"
import type { SigningTokenServer } from "./signing-token-server.ts"
import type { ServerCertificate } from "./test-ca.ts"
import { which } from "./which.ts"

export interface DockerRegistryOptions {
  readonly htpasswd?: { readonly user: string; readonly password: string }
  readonly tls?: ServerCertificate
  /** Bearer tokens from this server are asked for; it outlives the registry. */
  readonly token?: SigningTokenServer
  /** Directory of its storage, kept at the end; otherwise a new one in memory (or the temporary directory) that is removed. */
  readonly storage?: string
  readonly delete?: boolean
  /** Host in `Location` and the like when a proxy stands in front; by default the Host header of each request. */
  readonly externalUrl?: string
  readonly path?: string
}

/** A running docker-registry of the system. */
export interface DockerRegistry extends AsyncDisposable {
  /** `127.0.0.1:5000`, as in an image name. */
  readonly host: string
  readonly port: number
  /** `http://127.0.0.1:5000` */
  readonly origin: string
  readonly storage: string
  readonly pid: number
  /** Puts images in and looks at what is there, with all rights. */
  readonly client: RegistryClient
  log(): string
}

/** Starts docker-registry on a free port of 127.0.0.1 and waits until it answers; deletion is allowed unless told otherwise. */
export async function dockerRegistry(options: DockerRegistryOptions = {}): Promise<DockerRegistry> {
  const path = options.path ?? which("docker-registry")
  if (!path) throw new Error("docker-registry is not on PATH")
  const directory = await mkdtemp(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "entrepot-registry-"))
  try {
    for (let attempt = 1; ; attempt++) {
      try {
        return await start(path, directory, options)
      } catch (error) {
        if (attempt === 3 || !String(error).includes("address already in use")) throw error
      }
    }
  } catch (error) {
    await rm(directory, { recursive: true, force: true })
    throw error
  }
}

async function start(path: string, directory: string, options: DockerRegistryOptions): Promise<DockerRegistry> {
  const port = await freePort()
  const storage = options.storage ?? join(directory, "storage")
  await mkdir(storage, { recursive: true })
  const configPath = join(directory, "config.yml")
  await writeFile(configPath, JSON.stringify(await configuration(port, storage, directory, options)))
  const child = startChild(path, ["serve", configPath], { PATH: process.env.PATH })
  const origin = `${options.tls ? "https" : "http"}://127.0.0.1:${port}`
  const client = new RegistryClient({ origin, ca: options.tls?.ca, authorization: (name) => authorization(options, name) })
  const ready = () =>
    client.request("GET", "/v2/").then(
      (answer) => answer.status === 200 || answer.status === 401,
      () => false,
    )
  try {
    await waitUntilReady(child, ready, 15_000, "docker-registry")
  } catch (error) {
    await child.stop()
    throw error
  }
  return {
    host: `127.0.0.1:${port}`,
    port,
    origin,
    storage,
    pid: child.pid,
    client,
    log: () => child.output(),
    async [Symbol.asyncDispose]() {
      await child.stop("SIGKILL")
      await rm(directory, { recursive: true, force: true })
    },
  }
}

function authorization(options: DockerRegistryOptions, repository: string | undefined): string | undefined {
  if (options.htpasswd) {
    const { user, password } = options.htpasswd
    return `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`
  }
  if (!options.token) return undefined
  const access = repository ? [{ type: "repository", name: repository, actions: ["pull", "push", "delete"] }] : []
  return `Bearer ${options.token.sign(access)}`
}

async function configuration(port: number, storage: string, directory: string, options: DockerRegistryOptions): Promise<object> {
  return {
    version: "0.1",
    log: { level: "warn", accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: storage },
      delete: { enabled: options.delete ?? true },
      maintenance: { uploadpurging: { enabled: false } },
    },
    http: {
      addr: `127.0.0.1:${port}`,
      secret: "only for tests",
      ...(options.externalUrl ? { host: options.externalUrl } : {}),
      ...(options.tls ? { tls: { certificate: options.tls.certPath, key: options.tls.keyPath } } : {}),
    },
    ...(await authentication(directory, options)),
  }
}

async function authentication(directory: string, options: DockerRegistryOptions): Promise<object> {
  if (options.htpasswd) {
    const path = join(directory, "htpasswd")
    const { user, password } = options.htpasswd
    await writeFile(path, execFileSync(which("htpasswd") ?? "htpasswd", ["-niB", "-C", "5", user], { input: password }))
    return { auth: { htpasswd: { realm: "test", path } } }
  }
  if (!options.token) return {}
  const { realm, service, issuer, certPath } = options.token
  return { auth: { token: { realm, service, issuer, rootcertbundle: certPath } } }
}
