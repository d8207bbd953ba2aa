import type { Admission } from "../access/gate.ts"

/** How long an answer stays true. */
export type Lifetime = "forever" | "tag"

/** A digest names the same bytes for ever; this is a year, the longest that caches count. */
const forever = "public, max-age=31536000, immutable"

/**
 * Cache-Control of content (RELIABILITY S6): only what anonymous clients may read as well is for caches in front. Every answer varies by
 * Authorization besides.
 */
export function cacheControl(admission: Admission, lifetime: Lifetime, tagCacheS: number): string {
  if (!admission.isPublic) return "private, no-store"
  if (lifetime === "forever") return forever
  return tagCacheS > 0 ? `public, max-age=${tagCacheS}` : "public, no-cache"
}
