/** What a request is about; the second word of a matcher such as "GET blob". `cdn` is the other origin that blobs are redirected to. */
export type Resource = "ping" | "token" | "manifest" | "blob" | "upload" | "tags" | "catalog" | "referrers" | "cdn" | "unknown"

export interface Route {
  readonly resource: Resource
  readonly repository?: string
  /** Tag, digest or upload id. */
  readonly reference?: string
}

const patterns: readonly [Resource, RegExp][] = [
  ["upload", /^\/v2\/(.+)\/blobs\/uploads\/([^/]*)$/],
  ["blob", /^\/v2\/(.+)\/blobs\/([^/]+)$/],
  ["manifest", /^\/v2\/(.+)\/manifests\/([^/]+)$/],
  ["tags", /^\/v2\/(.+)\/tags\/list$/],
  ["referrers", /^\/v2\/(.+)\/referrers\/([^/]+)$/],
]

/** Routes a path by the distribution specification, section "Endpoints". */
export function routeOf(path: string): Route {
  if (path === "/v2/" || path === "/v2") return { resource: "ping" }
  if (path === "/token") return { resource: "token" }
  if (path === "/v2/_catalog") return { resource: "catalog" }
  for (const [resource, pattern] of patterns) {
    const match = pattern.exec(path)
    if (match)
      return {
        resource,
        repository: decodeURIComponent(match[1] ?? ""),
        ...(match[2] ? { reference: decodeURIComponent(match[2]) } : {}),
      }
  }
  const signed = /^\/blobs\/([^/]+)$/.exec(path)
  return signed?.[1] ? { resource: "cdn", reference: signed[1] } : { resource: "unknown" }
}

/** True when a matcher such as "GET blob", "* manifest" or "*" fits. */
export function matches(matcher: string, method: string, resource: Resource): boolean {
  const [wantedMethod = "*", wantedResource = "*"] = matcher.split(" ")
  return (wantedMethod === "*" || wantedMethod === method) && (wantedResource === "*" || wantedResource === resource)
}
