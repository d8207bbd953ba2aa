/** What a requested repository name means here (DESIGN "The /v2 server": hosted, prefix, virtual host, `ns=`, default). */
export type ResolvedName = HostedName | ProxiedName

export interface HostedName {
  readonly kind: "hosted"
  /** The project: the first component of `name`. */
  readonly project: string
  /** `team/app`. */
  readonly name: string
}

export interface ProxiedName {
  readonly kind: "proxied"
  /** Canonical: `docker.io/library/nginx`. Links, rules and the access log know it by this name alone. */
  readonly name: string
  /** `docker.io`. */
  readonly registry: string
  /** The repository's path at that registry: `library/nginx`. */
  readonly path: string
}
