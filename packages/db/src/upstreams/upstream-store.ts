/** A remote that /v2 reads through, as it is kept. The password is sealed with a key that is not here. */
export interface UpstreamRecord {
  readonly id: number
  readonly name: string
  /** `docker.io`, `ghcr.io`: the registry whose images it serves. */
  readonly registry: string
  /** `https://registry-1.docker.io`. */
  readonly url: string
  readonly pathPrefix: string
  /** The lowest is asked first. */
  readonly priority: number
  readonly enabled: boolean
  readonly virtualHosts: readonly string[]
  readonly tagLifetimeMs: number | null
  readonly tlsVerify: boolean
  /** PEM. */
  readonly ca: string | null
  readonly username: string | null
  readonly sealed: string | null
  /** Raised by every change of `username` or `sealed`: a sealed password is bound to it. */
  readonly version: number
  readonly createdAt: number
  readonly updatedAt: number
}

export interface UpstreamStore {
  /** @throws NameTaken. */
  create(upstream: Omit<UpstreamRecord, "id" | "createdAt" | "updatedAt">, at: number): Promise<UpstreamRecord>
  get(id: number): Promise<UpstreamRecord | undefined>
  /** By registry, then priority, then id. */
  list(): Promise<readonly UpstreamRecord[]>
  /** @throws NameTaken. */
  update(
    id: number,
    changes: Partial<Omit<UpstreamRecord, "id" | "createdAt" | "updatedAt">>,
    at: number,
  ): Promise<UpstreamRecord | undefined>
  remove(id: number): Promise<boolean>
}
