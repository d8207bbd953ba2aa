/** How one host is reached, as a person configured it. */
export interface HostSettings {
  /** Plain HTTP is allowed. Read by whoever makes the URL; the transport itself obeys the URL's scheme. */
  readonly plainHttp?: boolean
  /** False accepts any certificate. Default true. */
  readonly tlsVerify?: boolean
  /** PEM certificates trusted beside the usual roots. */
  readonly ca?: string
  /** PEM certificate and key shown to a server that asks for them. */
  readonly clientCertificate?: { readonly cert: string; readonly key: string }
}

/** One string for all that makes two TLS connections to the same host differ. */
export function tlsKey(settings: HostSettings): string {
  return JSON.stringify([settings.tlsVerify !== false, settings.ca, settings.clientCertificate])
}
