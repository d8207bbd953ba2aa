/** The head of a GET or HEAD without a body, in its plainest form. Names of headers are in lower case. */
export interface RequestHead {
  readonly method: "GET" | "HEAD"
  /** Request target: path and query. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

const longestHead = 8 * 1024

/** Whatever changes how a request is read, who sent it, or what is answered: Node's own parser and the usual way decide about those. */
const unusual = new Set([
  "connection",
  "content-length",
  "expect",
  "forwarded",
  "if-none-match",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  "via",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-real-ip",
])

/**
 * Reads a chunk that is exactly one request head below /v2 and nothing else (RFC 9112 section 2). Undefined for everything that is not of the plainest
 * form: what is read here Node's parser would read in the same way, so that there are no two opinions about where a request ends (RELIABILITY S11).
 */
export function readRequestHead(chunk: Buffer): RequestHead | undefined {
  if (chunk.length > longestHead) return undefined
  const text = chunk.toString("latin1")
  const method = text.startsWith("GET /v2/") ? "GET" : text.startsWith("HEAD /v2/") ? "HEAD" : undefined
  if (method === undefined) return undefined
  const lineEnd = text.indexOf("\r\n")
  const url = text.slice(method.length + 1, lineEnd - 9)
  if (lineEnd === -1 || text.slice(lineEnd - 9, lineEnd) !== " HTTP/1.1" || !isPlain(url, 33)) return undefined
  const headers = readHeaders(text, lineEnd + 2)
  return headers?.host === undefined ? undefined : { method, url, headers }
}

function readHeaders(text: string, from: number): Record<string, string> | undefined {
  const headers: Record<string, string> = Object.create(null)
  for (let at = from; ; ) {
    const end = text.indexOf("\r\n", at)
    if (end === -1) return undefined
    if (end === at) return end + 2 === text.length ? headers : undefined
    const colon = text.indexOf(":", at)
    if (colon <= at || colon > end) return undefined
    const name = text.slice(at, colon).toLowerCase()
    const value = text.slice(colon + 1, end)
    if (!isName(name) || !isPlain(value, 32) || unusual.has(name) || name in headers) return undefined
    headers[name] = value.trim()
    at = end + 2
  }
}

/** Only visible ASCII, from this code on. */
function isPlain(text: string, lowest: number): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (code < lowest || code > 126) return false
  }
  return true
}

/** Letters, digits and dashes: all names that clients really send. */
function isName(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (!((code >= 97 && code <= 122) || (code >= 48 && code <= 57) || code === 45)) return false
  }
  return true
}
