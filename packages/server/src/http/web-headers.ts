import type { IncomingMessage } from "node:http"
import { clientOf, type ProxyTrust } from "./client.ts"

/** Headers by which frameworks and their hosts talk to themselves, and which no client may send (CVE-2025-29927 and its relatives). */
const internal =
  /^(x-middleware-|x-nextjs-|x-next-|x-invoke-|x-matched-path$|x-now-|x-vercel-|x-forwarded-|forwarded$|x-real-ip$|upgrade$)/

/**
 * Takes out of a request, before it goes to the web framework, what only the framework itself may say. What forwarded headers say is told anew
 * from what we believe.
 */
export function dropInternalHeaders(request: IncomingMessage, trusted: ProxyTrust): void {
  const client = clientOf(request, trusted)
  for (const name of Object.keys(request.headers)) if (internal.test(name)) delete request.headers[name]
  request.headers["x-forwarded-for"] = client.address
  request.headers["x-forwarded-proto"] = client.https ? "https" : "http"
  if (client.host !== undefined) request.headers["x-forwarded-host"] = client.host
  const kept: string[] = []
  for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) {
    const [name = "", value = ""] = request.rawHeaders.slice(i, i + 2)
    if (!internal.test(name.toLowerCase())) kept.push(name, value)
  }
  request.rawHeaders.splice(0, request.rawHeaders.length, ...kept)
}
