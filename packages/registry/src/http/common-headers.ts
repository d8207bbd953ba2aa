import { cacheHeaders, unkept } from "./cache-policy.ts"

/**
 * On every answer. What is pushed is served under the type that it was pushed with, on the host where the pages are, so a browser that is led to it
 * must neither guess another type nor run anything of it.
 */
export const commonHeaders: readonly string[] = [
  "Docker-Distribution-API-Version",
  "registry/2.0",
  "X-Content-Type-Options",
  "nosniff",
  "Content-Security-Policy",
  "default-src 'none'; sandbox",
]

/** On answers that nobody keeps: errors, lists, uploads, whatever concerns rights. */
export const unkeptHeaders: readonly string[] = [...commonHeaders, ...cacheHeaders(unkept)]
