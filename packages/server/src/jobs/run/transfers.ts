import {
  type Credentials,
  createDirectEngine,
  createHttp,
  type DeniedSockets,
  type DockerSocketOptions,
  type Engine,
  type HostLimits,
  type HostSettings,
  type Http,
  type HttpOptions,
  type Opened,
  openSource,
  type Pace,
  type ProxySettings,
  type Reference,
  registryHost,
  type SessionOptions,
  type SourceStore,
  type TargetStore,
  TransferError,
} from "@entrepot/core"

/** One end of a copy: a registry, how it is reached, and who we are there. */
export interface CopyEnd {
  /** As in a reference: `docker.io`, `harbor.example.com:8443`. */
  readonly registry: string
  readonly settings: HostSettings
  readonly credentials: Credentials | undefined
}

/** One copy: where from, where to, by which engine. */
export interface CopyEnds {
  readonly engine: "direct" | "docker"
  readonly source: CopyEnd
  readonly target: CopyEnd
  /** Copies of one group share connections, tokens and what is known of blobs, where their ends are the same. */
  readonly group?: number | undefined
}

interface TransfersOptions {
  /** Shared by everything that this process sends. */
  readonly limits: HostLimits
  readonly pace: Pace | undefined
  readonly proxies: ProxySettings
  /** Hosts that the configuration names; they count as configured. */
  readonly hosts: Readonly<Record<string, HostSettings>>
  readonly cacheDirectory: string
  /** Where the Docker daemon is. */
  readonly docker: DockerSocketOptions
  /** Where this server itself is reached: never dialled. */
  readonly denied: DeniedSockets
  /** This server's own registry, which is written to without HTTP. Undefined: the reference is another's. */
  readonly openOwn: (reference: Reference) => Promise<TargetStore | undefined>
  /** False once this process has to doubt its leases: then nothing is sent any more. */
  readonly mayRun: () => boolean
  readonly http?: Pick<HttpOptions, "retry" | "lookup" | "userAgent" | "connectTimeoutMs">
  readonly session?: Omit<SessionOptions, "pace" | "limitRate">
}

/** An engine on loan. */
interface LentEngine {
  readonly engine: Engine
  /** Ends the loan; what nobody uses any more is closed. */
  close(): Promise<void>
}

/** A registry that is only read, on loan. */
interface LentSource extends Opened<SourceStore> {
  close(): Promise<void>
}

interface Made {
  readonly engine: Engine
  close(): Promise<void>
}

interface Shared {
  readonly ends: CopyEnds
  readonly made: Promise<Made>
  users: number
  idle?: NodeJS.Timeout
}

/** How long what a group shares waits for its next copy. */
const lingerMs = 5000

/** Engines for jobs: each with the hosts and credentials of its own job and of no other (RELIABILITY S3, S19). */
export class Transfers {
  readonly #options: TransfersOptions
  readonly #shared = new Set<Shared>()
  #docker: Promise<typeof import("@entrepot/core/docker")> | undefined

  constructor(options: TransfersOptions) {
    this.#options = options
  }

  /** Nothing is sent yet. */
  async open(ends: CopyEnds): Promise<LentEngine> {
    const shared = this.#find(ends) ?? { ends, made: this.#make(ends), users: 0 }
    this.#shared.add(shared)
    clearTimeout(shared.idle)
    shared.users += 1
    try {
      const { engine } = await shared.made
      return { engine, close: () => this.#giveBack(shared) }
    } catch (error) {
      this.#shared.delete(shared)
      throw error
    }
  }

  /** An image's registry, for a question that is no copy. Nothing is sent yet. */
  async openSource(end: CopyEnd, image: Reference): Promise<LentSource> {
    const http = this.#http([end])
    const { cacheDirectory } = this.#options
    const opened = await openSource({ transport: "docker", reference: image }, { http, cacheDirectory })
    return {
      ...opened,
      close: async () => {
        await opened.store.close()
        await http.close()
      },
    }
  }

  /** Closes what nobody uses now, without waiting for a next copy. */
  async closeIdle(): Promise<void> {
    await Promise.all([...this.#shared].filter(({ users }) => users === 0).map((shared) => this.#close(shared)))
  }

  async #giveBack(shared: Shared): Promise<void> {
    shared.users -= 1
    if (shared.users > 0) return
    if (shared.ends.group === undefined) await this.#close(shared)
    else shared.idle = setTimeout(() => void this.#close(shared), lingerMs).unref()
  }

  async #close(shared: Shared): Promise<void> {
    clearTimeout(shared.idle)
    this.#shared.delete(shared)
    await (await shared.made).close()
  }

  #find(ends: CopyEnds): Shared | undefined {
    if (ends.group === undefined) return undefined
    return [...this.#shared].find((shared) => isSame(shared.ends, ends))
  }

  async #make(ends: CopyEnds): Promise<Made> {
    const { source, target } = ends
    if (ends.engine === "docker") {
      this.#docker ??= import("@entrepot/core/docker")
      const credentials = credentialsOf([source, target])
      const engine = (await this.#docker).createDockerEngine({ credentials, connection: this.#options.docker })
      return { engine, close: () => engine.close() }
    }
    const { pace, cacheDirectory, session } = this.#options
    const http = this.#http([source, target])
    const openOwn = (reference: Reference) => this.#openOwn(reference)
    const engine = createDirectEngine({ ...session, stores: { http, cacheDirectory, openOwn }, pace })
    return {
      engine,
      close: async () => {
        await engine.close()
        await http.close()
      },
    }
  }

  /** How these registries are reached, and no other is logged in to; silent once this process has to doubt its leases. */
  #http(ends: readonly CopyEnd[]): Http {
    const { limits, proxies, denied, hosts, mayRun } = this.#options
    const named = Object.fromEntries(ends.map((end) => [registryHost(end), end.settings]))
    const credentials = credentialsOf(ends)
    const http = createHttp({ ...this.#options.http, hosts: { ...hosts, ...named }, credentials, denied, proxies, limits })
    return {
      ...http,
      send: (request) => (mayRun() ? http.send(request) : Promise.reject(leasesLost())),
    }
  }

  /** As over HTTP, nothing is published once the leases are in doubt: another process may have published what is newer. */
  async #openOwn(reference: Reference): Promise<TargetStore | undefined> {
    const { openOwn, mayRun } = this.#options
    const store = await openOwn(reference)
    return (
      store && {
        ...store,
        putManifest: (...put) => (mayRun() ? store.putManifest(...put) : Promise.reject(leasesLost())),
      }
    )
  }
}

function leasesLost(): TransferError {
  return new TransferError("cancelled", "this process has lost its leases")
}

/** A registry that is both ends is asked as the target, which comes last: pushing is what needs the right. */
function credentialsOf(ends: readonly CopyEnd[]): (host: string) => Promise<Credentials | undefined> {
  const byHost = new Map<string, Credentials>()
  for (const { registry, credentials } of ends) {
    if (credentials !== undefined) byHost.set(plainHost(registry), credentials)
  }
  return async (host) => byHost.get(plainHost(host))
}

/** As the host stands in URLs. */
function plainHost(registry: string): string {
  return registryHost({ registry: registry.toLowerCase() }).replace(/:443$/, "")
}

function isSame(a: CopyEnds, b: CopyEnds): boolean {
  return a.group === b.group && a.engine === b.engine && isSameEnd(a.source, b.source) && isSameEnd(a.target, b.target)
}

function isSameEnd(a: CopyEnd, b: CopyEnd): boolean {
  return (
    a.registry === b.registry &&
    JSON.stringify(a.settings) === JSON.stringify(b.settings) &&
    secretOf(a.credentials) === secretOf(b.credentials)
  )
}

function secretOf(known: Credentials | undefined): string | undefined {
  if (known === undefined) return undefined
  return "identityToken" in known ? known.identityToken : `${known.username}:${known.password}`
}
