import type { IncomingHttpHeaders } from "node:http"

/** Whose page sends a request: ours, another one's, or nothing tells (programs send no Origin). */
export type RequestOrigin = "ours" | "foreign" | "unknown"

/**
 * Reads the browser's own witnesses, the strictest first: Origin, Sec-Fetch-Site, Referer. Pages cannot forge them. An EventSource over plain HTTP
 * sends the last alone, since browsers keep the others to requests across origins and to TLS.
 * @param ownHosts `host[:port]` as clients write us.
 */
export function originOf(headers: IncomingHttpHeaders, ownHosts: readonly (string | undefined)[]): RequestOrigin {
  const witnesses = [byUrl(headers.origin, ownHosts), byFetchSite(headers["sec-fetch-site"]), byUrl(headers.referer, ownHosts)]
  if (witnesses[0] === "foreign" || witnesses[1] === "foreign") return "foreign"
  return witnesses.find((witness) => witness !== "unknown") ?? "unknown"
}

function byFetchSite(site: string | string[] | undefined): RequestOrigin {
  if (site === undefined) return "unknown"
  return site === "same-origin" || site === "none" ? "ours" : "foreign"
}

function byUrl(text: string | undefined, ownHosts: readonly (string | undefined)[]): RequestOrigin {
  if (text === undefined) return "unknown"
  if (!URL.canParse(text)) return "foreign"
  const { protocol, host } = new URL(text)
  const isOurs = ownHosts.some((own) => own !== undefined && hostOf(protocol, own) === host)
  return isOurs && (protocol === "http:" || protocol === "https:") ? "ours" : "foreign"
}

/** As a URL of that scheme writes it: lowercase, without the usual port. */
function hostOf(protocol: string, host: string): string | undefined {
  const text = `${protocol}//${host}`
  return URL.canParse(text) ? new URL(text).host : undefined
}
