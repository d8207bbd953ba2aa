import type { Credentials } from "@entrepot/core"

/** The default upstream, as far as clients log in there themselves (seed 2, in open mode alone). */
export interface UpstreamLogin {
  /** `docker.io`: the only registry that is shown what clients show us for it. */
  readonly registry: string
  /** `WWW-Authenticate` of its `/v2/`; undefined where it wants no login, or is not known to. Asked on every challenge: whoever gives it remembers it. */
  challenge(): string | undefined | Promise<string | undefined>
  /** Whether it takes these. Without this they are taken on trust, and turned away by what is pulled with them. */
  accepts?(credentials: Credentials): Promise<boolean>
}
