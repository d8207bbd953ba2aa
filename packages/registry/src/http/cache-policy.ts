import type { Admission } from "../access/gate.ts"

/** How long an answer stays true: `stale` is what may be untrue already. */
export type Lifetime = "forever" | "tag" | "stale"

/**
 * A digest names the same bytes for ever, so clients may keep them for a year, the longest that is counted. But who may read them can change: caches in
 * front, which serve others, have to ask again after ten minutes (RFC 9111, section 5.2.2.10).
 */
const forever = "public, max-age=31536000, s-maxage=600, immutable"

/** Of what is for the one who asked alone. */
export const unkept = "private, no-store"

/** Cache-Control of content (RELIABILITY S6): only what anonymous clients may read as well is for caches in front. */
export function cacheControl(admission: Admission, lifetime: Lifetime, tagCacheS: number): string {
  if (!admission.isPublic) return unkept
  if (lifetime === "forever") return forever
  return lifetime === "tag" && tagCacheS > 0 ? `public, max-age=${tagCacheS}` : "public, no-cache"
}

/**
 * The policy as headers. What is public is the same for everybody, and varies by nothing: clients show a new token every few minutes, and a cache that
 * kept one answer for each would never have one.
 */
export function cacheHeaders(policy: string): readonly string[] {
  return policy === unkept ? ["Cache-Control", policy, "Vary", "Authorization"] : ["Cache-Control", policy]
}
