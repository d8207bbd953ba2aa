import { type Credentials, credentials, type HostSettings } from "@entrepot/core"
import type { UpstreamRecord, UpstreamStore } from "@entrepot/db/stores"
import type { Upstream, UpstreamList } from "@entrepot/registry"
import type { Log } from "../../runtime/runtime.ts"
import { SavedState } from "../../settings/saved-state.ts"
import type { SealedText } from "../../targets/sealed-text.ts"
import { hostOf } from "./upstream-fields.ts"
import { plainUpstream } from "./well-known-upstreams.ts"

interface LiveUpstreamsOptions {
  readonly store: Pick<UpstreamStore, "list">
  readonly seals: SealedText
  /** Hosts with settings of their own, from the configuration. */
  readonly hosts: Readonly<Record<string, HostSettings>>
  /** UPSTREAM_REGISTRY: it stands in for Docker Hub, before the saved ones. */
  readonly configured: string | undefined
  readonly log: Log
}

/** The upstreams in force: what is saved, and the one of the configuration. */
export class LiveUpstreams implements UpstreamList {
  readonly defaultRegistry = "docker.io"
  readonly #options: LiveUpstreamsOptions
  #upstreams: readonly Upstream[] = []
  #records: readonly UpstreamRecord[] = []
  readonly #state: SavedState<readonly UpstreamRecord[]>

  constructor(options: LiveUpstreamsOptions) {
    this.#options = options
    this.#state = new SavedState({
      what: "the upstreams",
      read: () => options.store.list(),
      apply: (saved) => this.#apply(saved),
      log: options.log,
    })
  }

  list(): readonly Upstream[] {
    return this.#upstreams
  }

  /** All of them, disabled ones included, in the order in which they are asked; the configuration's has the number 0. */
  get records(): readonly UpstreamRecord[] {
    return this.#records
  }

  /** Which of them UPSTREAM_REGISTRY names, saved or not. */
  get pinned(): UpstreamRecord | undefined {
    return this.#options.configured === undefined ? undefined : this.#records[0]
  }

  /** Brings into force what is saved now. @throws when the database does not answer. */
  refresh(): Promise<void> {
    return this.#state.refresh()
  }

  /** From now on takes over what other processes save, until it is stopped. */
  watch(): void {
    this.#state.watch()
  }

  stop(): Promise<void> {
    return this.#state.stop()
  }

  #apply(saved: readonly UpstreamRecord[]): void {
    this.#records = withConfigured(saved, this.#options.configured)
    this.#upstreams = this.#records.filter(({ enabled }) => enabled).map((record) => this.#open(record))
  }

  #open(record: UpstreamRecord): Upstream {
    const { id, name, registry, url, pathPrefix, priority, enabled, virtualHosts, tagLifetimeMs } = record
    let opened: Credentials | undefined
    return {
      ...{ id, name, registry, url, pathPrefix, priority, enabled, virtualHosts, tagLifetimeMs },
      hostSettings: settingsOf(record, this.#options.hosts),
      credentials: async () => {
        opened ??= this.#unseal(record)
        return opened
      },
    }
  }

  /** Without its password an upstream is asked as anybody would ask it. */
  #unseal(record: UpstreamRecord): Credentials | undefined {
    const { id, name, username, sealed } = record
    if (username === null || sealed === null) return undefined
    const password = this.#options.seals.open(sealed, bindingOf(record))
    if (password !== undefined) return credentials({ username, password })
    this.#options.log.warn({ upstream: id, name }, "no present master key opens this upstream's password; it is asked without")
    return undefined
  }
}

/** What an upstream's seal is bound to. */
export function bindingOf(record: Pick<UpstreamRecord, "id" | "url" | "version">) {
  return { ownerId: 0, id: record.id, host: hostOf(record), version: record.version }
}

/** How an upstream's host is reached, the configuration's words included. */
export function settingsOf(
  { url, tlsVerify, ca }: Pick<UpstreamRecord, "url" | "tlsVerify" | "ca">,
  hosts: Readonly<Record<string, HostSettings>>,
): HostSettings {
  return {
    ...hosts[hostOf({ url })],
    ...(url.startsWith("http:") ? { plainHttp: true } : {}),
    ...(tlsVerify ? {} : { tlsVerify }),
    ...(ca === null ? {} : { ca }),
  }
}

/** Where the configuration's is saved too, it keeps what is saved of it, and comes first. */
function withConfigured(saved: readonly UpstreamRecord[], configured: string | undefined): readonly UpstreamRecord[] {
  if (configured === undefined) return saved
  const isIt = (record: UpstreamRecord) =>
    record.enabled && record.registry === "docker.io" && record.url === configured && record.pathPrefix === ""
  const known = saved.find(isIt)
  const first: UpstreamRecord = known ?? {
    ...plainUpstream,
    id: 0,
    name: "UPSTREAM_REGISTRY",
    registry: "docker.io",
    url: configured,
    createdAt: 0,
    updatedAt: 0,
  }
  const others = saved.filter((record) => record !== known)
  const lowest = Math.min(0, ...others.map(({ priority }) => priority))
  return [{ ...first, priority: lowest - 1 }, ...others]
}
