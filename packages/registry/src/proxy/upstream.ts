import type { Credentials, HostSettings } from "@entrepot/core"

/** A remote that is read through: one of perhaps several that serve the same registry. */
export interface Upstream {
  /** 0 for one that stands in the configuration alone. */
  readonly id: number
  /** For people: `Docker Hub`, `mirror in Frankfurt`. */
  readonly name: string
  /** The registry whose images it serves, as references name it: `docker.io`, `ghcr.io`, `registry.example.com:5000`. */
  readonly registry: string
  /** Where it is: `https://registry-1.docker.io`, `http://127.0.0.1:5000`. */
  readonly url: string
  /** Set before the repository's path there: `dockerhub-cache` for a proxy project of Harbor. Empty for none. */
  readonly pathPrefix: string
  /** The lowest is asked first. */
  readonly priority: number
  readonly enabled: boolean
  /** Names of this server under which requests belong to this registry: `hub.mirror.example.com`. */
  readonly virtualHosts: readonly string[]
  /** A tag that was asked for so recently is not asked for again, milliseconds; null for the server's default. */
  readonly tagLifetimeMs: number | null
  readonly hostSettings: HostSettings
  /** Opens stored credentials; undefined where there are none. */
  readonly credentials: () => Promise<Credentials | undefined>
}

/** What is known of an upstream now: for failover, and for people. Times: milliseconds since 1970. */
export interface UpstreamHealth {
  readonly upstreamId: number
  readonly host: string
  /** `closed`: asked as usual; `open`: not asked until `retryAt`; `half-open`: one request tries. */
  readonly circuit: "closed" | "open" | "half-open"
  readonly retryAt: number | null
  readonly lastSuccessAt: number | null
  readonly lastFailureAt: number | null
  /** Code and sentence of the last failure, without a word of what the upstream sent. */
  readonly lastError: string | null
  /** Average time to an answer's head, milliseconds. */
  readonly latencyMs: number | null
  /** Docker Hub's budget (`ratelimit-limit`, `ratelimit-remaining`), where the host tells one. */
  readonly pulls: { readonly limit: number; readonly remaining: number; readonly windowS: number } | null
}

/** The upstreams in force, read again when they change. */
export interface UpstreamList {
  /** Enabled ones first by priority. Cheap: called on every request. */
  list(): readonly Upstream[]
  /** The registry that names without a host belong to: `docker.io`. */
  readonly defaultRegistry: string
}
