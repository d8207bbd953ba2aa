import { TransferError } from "../../errors/transfer-error.ts"
import type { HttpRequest } from "../http.ts"

/** Headers that follow from the connection and the body; a caller's are not sent. */
const ownHeaders = new Set([
  "host",
  "content-length",
  "transfer-encoding",
  "connection",
  "accept-encoding",
  "expect",
  "upgrade",
  "te",
])

const bodyMethods = new Set(["POST", "PUT", "PATCH"])
const fieldName = /^[!#$%&'*+\-.^_`|~0-9a-z]+$/
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/

export interface RequestHeadOptions {
  readonly userAgent: string
  /** Absolute-form target, for a plain HTTP proxy (RFC 9112, section 3.2.2). */
  readonly absolute?: boolean
  readonly proxyAuthorization?: string | undefined
}

/** The request line and headers as they go on the wire. @throws TransferError `protocol` for a header that would split the request. */
export function requestHead(request: HttpRequest, { userAgent, absolute, proxyAuthorization }: RequestHeadOptions): string {
  const { url, method, body } = request
  const target = `${absolute ? `${url.protocol}//${url.host}` : ""}${url.pathname}${url.search}`
  let head = `${method} ${target} HTTP/1.1\r\nhost: ${url.host}\r\naccept-encoding: identity\r\n`
  const headers = { "user-agent": userAgent, accept: "*/*", ...request.headers }
  for (const [name, value] of Object.entries(headers)) {
    if (ownHeaders.has(name) || name.startsWith("proxy-")) continue
    if (!fieldName.test(name) || !fieldValue.test(value)) {
      throw new TransferError("protocol", `header "${name}" cannot be sent to ${url.host}: forbidden characters`, {
        host: url.host,
      })
    }
    head += `${name}: ${value}\r\n`
  }
  if (proxyAuthorization !== undefined) head += `proxy-authorization: ${proxyAuthorization}\r\n`
  if (body) head += body.length === undefined ? "transfer-encoding: chunked\r\n" : `content-length: ${body.length}\r\n`
  else if (bodyMethods.has(method)) head += "content-length: 0\r\n"
  return `${head}\r\n`
}
