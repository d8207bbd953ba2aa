import type { ServerAddress } from "./read-address.ts"

/** What decides how a client is set up. */
export interface SetupChoices {
  readonly address: ServerAddress
  /** Registries that are to come through this server: `docker.io`, `registry.example.com:5000`. */
  readonly registries: readonly string[]
  /** The one that names without a registry belong to on this server. */
  readonly defaultRegistry: string
  /** The server's certificate is signed by an authority that machines do not know. */
  readonly hasPrivateCa: boolean
  /** Who logs in; undefined where anybody may pull. */
  readonly user: string | undefined
}

/** Stands where a password belongs: the page asks for none. */
export const passwordPlaceholder = "PASSWORD"

/** The authority's certificate, as people have it before they install it. */
export const caFile = "ca.crt"
