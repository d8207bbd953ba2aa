import { randomBytes } from "node:crypto"
import type { IncomingMessage, ServerResponse } from "node:http"
import type { Configuration } from "@entrepot/server"
import { pagePreferences } from "./page-preferences.ts"

/**
 * What of a request reaches Next as it came. Everything else is dropped: cookies, since no page is rendered for anybody in particular, forwarded
 * headers, and the `x-middleware-…` and `next-action` of RELIABILITY S12.
 */
const passed = new Set([
  "host",
  "accept",
  "accept-encoding",
  "cache-control",
  "if-modified-since",
  "if-none-match",
  "user-agent",
  "rsc",
  "next-router-prefetch",
  "next-router-segment-prefetch",
  "next-router-state-tree",
  "next-url",
])

/** Without these, Next's development server waits for a tool that was never told about the request. */
const passedInDevelopment = new Set([...passed, "next-hmr-refresh", "x-nextjs-request-id", "x-nextjs-html-request-id"])

export interface PageRequestOptions {
  readonly development: boolean
  /** For those who ask for none of our languages. */
  readonly locale: Configuration["locale"]
}

/**
 * Prepares a request for Next: leaves the headers that a page may know; says in `accept-language` which one language it is in (`zh`, `en`) and in
 * `x-entrepot-theme` which look was chosen (`light`, `dark`, absent where the system decides); and sets a content security policy whose nonce Next
 * puts on its scripts. Sets the same policy on the answer (S18).
 */
export function preparePageRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { development, locale }: PageRequestOptions,
): void {
  const policy = contentSecurityPolicy(randomBytes(16).toString("base64"), development)
  const preferences = pagePreferences(request.headers, locale)
  const kept = development ? passedInDevelopment : passed
  for (const name of Object.keys(request.headers)) if (!kept.has(name)) delete request.headers[name]
  request.rawHeaders = request.rawHeaders.filter((_, index, all) => kept.has((all[index - (index % 2)] ?? "").toLowerCase()))
  for (const [name, value] of Object.entries(preferences)) {
    request.headers[name] = value
    request.rawHeaders.push(name, value)
  }
  request.headers["content-security-policy"] = policy
  response.setHeader("content-security-policy", policy)
  response.setHeader("cross-origin-opener-policy", "same-origin")
  response.setHeader("cross-origin-resource-policy", "same-origin")
  response.setHeader("referrer-policy", "same-origin")
  response.setHeader("x-content-type-options", "nosniff")
  response.setHeader("x-frame-options", "DENY")
}

/** Development needs more: React's own tools use eval, and styles are put in by script. */
function contentSecurityPolicy(nonce: string, development: boolean): string {
  return [
    "default-src 'none'",
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ""}`,
    `style-src 'self' ${development ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ")
}
