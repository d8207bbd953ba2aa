import { isTransferError, TransferError } from "../../errors/transfer-error.ts"
import type { HttpRequest, HttpResponse, Layer, Send } from "../http.ts"

const maxHops = 5
const redirectStatuses = new Set([301, 302, 303, 307, 308])
/** Request headers that another origin may see. */
const harmlessHeaders = ["accept", "accept-encoding", "range", "user-agent"]

/**
 * Follows redirects of GET and HEAD, five at most (RELIABILITY S2, faults 27 to 29). A hop to another origin loses credentials, cookies
 * and token scopes for the rest of the chain, so that a 401 over there is not answered with credentials from here; it counts as derived, and
 * never leaves https. When the host that a redirect leads to cannot be reached, or answers 403 as storage does once a signed URL has
 * expired, the origin is asked once for a fresh URL. Other methods' 3xx go up as responses: the Location of an upload is no redirect.
 * @throws TransferError `protocol` after too many hops, for a Location that cannot be followed, and for https → http.
 */
export function redirects(): Layer {
  return (next) => async (request) => {
    if (request.method !== "GET" && request.method !== "HEAD") return next(request)
    try {
      return await follow(next, request, false)
    } catch (error) {
      if (!(error instanceof StaleUrl)) throw error
      return follow(next, request, true)
    }
  }
}

/** Another origin failed in a way that a fresh URL may cure. */
class StaleUrl extends Error {}

/** @throws StaleUrl unless this is the `last` try. */
async function follow(next: Send, first: HttpRequest, last: boolean): Promise<HttpResponse> {
  let request = first
  let abroad = false
  for (let hops = 0; ; hops++) {
    let response: HttpResponse
    try {
      response = await next(request)
    } catch (error) {
      throw abroad && !last && isTransferError(error, "network") ? new StaleUrl() : error
    }
    if (abroad && !last && response.status === 403) {
      await response.body.discard()
      throw new StaleUrl()
    }
    const location = response.headers.get("location")
    if (!redirectStatuses.has(response.status) || location === undefined) return response
    await response.body.discard()
    if (hops >= maxHops) throw protocolError(first, `${first.url.host} redirected more than ${maxHops} times`)
    const target = readLocation(location, response.url, first)
    abroad ||= target.origin !== response.url.origin
    request = abroad ? abroadRequest(request, target) : { ...request, url: target }
  }
}

function abroadRequest(request: HttpRequest, url: URL): HttpRequest {
  const { scopes: _, headers = {}, ...rest } = request
  const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => harmlessHeaders.includes(name)))
  return { ...rest, url, headers: kept, origin: "derived" }
}

function readLocation(location: string, base: URL, first: HttpRequest): URL {
  const url = URL.canParse(location, base.href) ? new URL(location, base) : undefined
  if (url?.protocol !== "https:" && url?.protocol !== "http:")
    throw protocolError(first, `${base.host} redirected to something that is not a URL`)
  if (base.protocol === "https:" && url.protocol === "http:")
    throw protocolError(first, `${base.host} redirected from https to plain http at ${url.host}`)
  url.username = ""
  url.password = ""
  url.hash = ""
  return url
}

function protocolError(request: HttpRequest, message: string): TransferError {
  return new TransferError("protocol", message, { host: request.url.host, side: request.side })
}
