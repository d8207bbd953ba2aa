import type { Digest } from "@entrepot/core"

/** The entity tag of what has a digest: the digest itself. */
export function etagOf(digest: Digest): string {
  return `"${digest}"`
}

/** Whether If-None-Match names it, so that the client has it already (RFC 9110, section 13.1.2): 304. */
export function isKnownToClient(ifNoneMatch: string | undefined, digest: Digest): boolean {
  if (ifNoneMatch === undefined) return false
  return ifNoneMatch.trim() === "*" || ifNoneMatch.includes(etagOf(digest))
}
