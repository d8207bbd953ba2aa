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
  /** For a plain HTTP proxy: the target in absolute form (RFC 9112, section 3.2.2), and credentials for the proxy. */
  readonly viaProxy?: { readonly authorization: string | undefined } | undefined
  /** Ask the server to close the connection after its answer. */
  readonly close?: boolean
}

/** The request line and headers as they go on the wire. @throws TransferError `protocol` for a header that would split the request. */
export function requestHead(request: HttpRequest, { userAgent, viaProxy, close }: RequestHeadOptions): string {
  const { url, method, body } = request
  const target = `${viaProxy ? `${url.protocol}//${url.host}` : ""}${url.pathname}${url.search}`
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
  if (viaProxy?.authorization !== undefined) head += `proxy-authorization: ${viaProxy.authorization}\r\n`
  if (close) head += "connection: close\r\n"
  if (body) head += body.length === undefined ? "transfer-encoding: chunked\r\n" : `content-length: ${body.length}\r\n`
  else if (bodyMethods.has(method)) head += "content-length: 0\r\n"
  return `${head}\r\n`
}
