import type { ServerResponse } from "node:http"

/** On every answer of ours: nothing is cached, framed, sniffed, or run. A page that runs something replaces the policy by its own. */
const securityHeaders = {
  "cache-control": "no-store",
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
} as const

/** Before anything is written. There are no CORS headers at all: no other site's page reads anything of ours. */
export function setSecurityHeaders(response: ServerResponse): void {
  for (const [name, value] of Object.entries(securityHeaders)) response.setHeader(name, value)
}
