import { TransferError } from "../../errors/transfer-error.ts"
import { HeaderList } from "./header-list.ts"

/** How the end of a response body is found (RFC 9112, section 6.3). */
export type Framing =
  | { readonly kind: "none" }
  | { readonly kind: "length"; readonly length: number }
  | { readonly kind: "chunked" }
  | { readonly kind: "close" }

export interface ResponseHead {
  readonly status: number
  readonly headers: HeaderList
  readonly framing: Framing
  /** The server lets the connection live on after this response. */
  readonly keepAlive: boolean
  /** How long the server keeps an idle connection, where it says so (`Keep-Alive: timeout=N`), in milliseconds. */
  readonly keepAliveMs: number | undefined
}

const statusLine = /^HTTP\/1\.([01]) ([1-9][0-9]{2})(?: [\t\x20-\x7e\x80-\xff]*)?$/
const fieldName = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/

/**
 * Reads the lines of a response head (without their CRLF, decoded as Latin-1) as the answer to a `method` request.
 * Strict: nothing that two readers could understand differently is accepted (RELIABILITY S11).
 * @throws TransferError `protocol`.
 */
export function parseResponseHead(lines: readonly string[], method: string, host: string): ResponseHead {
  const refuse = (what: string) => new TransferError("protocol", `${host} sent ${what}`, { host })
  const start = statusLine.exec(lines[0] ?? "")
  if (!start) throw refuse("something that is not HTTP")
  const minorVersion = Number(start[1])
  const status = Number(start[2])
  const headers = new HeaderList()
  for (const line of lines.slice(1)) {
    if (line.startsWith(" ") || line.startsWith("\t")) throw refuse("a folded header line")
    const colon = line.indexOf(":")
    const name = line.slice(0, Math.max(colon, 0))
    const value = trimBlanks(line.slice(colon + 1))
    if (!fieldName.test(name) || !fieldValue.test(value)) throw refuse("a malformed header line")
    headers.add(name.toLowerCase(), value)
  }
  const framing = bodyFraming(headers, { method, status, minorVersion, refuse })
  const connection = headers.list("connection")
  const wanted = minorVersion === 1 ? !connection.includes("close") : connection.includes("keep-alive")
  const seconds = /(?:^|[,;\s])timeout=([0-9]{1,6})/i.exec(headers.get("keep-alive") ?? "")?.[1]
  const keepAliveMs = seconds === undefined ? undefined : Number(seconds) * 1000
  return { status, headers, framing, keepAlive: wanted && framing.kind !== "close", keepAliveMs }
}

/** Without blanks at both ends. By hand: `[ \t]+$` takes a second for 64 KiB of blanks in the middle. */
function trimBlanks(text: string): string {
  const isBlank = (at: number) => text[at] === " " || text[at] === "\t"
  let start = 0
  let end = text.length
  while (start < end && isBlank(start)) start++
  while (end > start && isBlank(end - 1)) end--
  return text.slice(start, end)
}

interface FramingQuestion {
  method: string
  status: number
  minorVersion: number
  refuse: (what: string) => TransferError
}

function bodyFraming(headers: HeaderList, { method, status, minorVersion, refuse }: FramingQuestion): Framing {
  const codings = headers.all("transfer-encoding")
  const lengths = headers.all("content-length")
  if (codings.length > 0) {
    if (lengths.length > 0) throw refuse("both Content-Length and Transfer-Encoding")
    if (minorVersion === 0) throw refuse("Transfer-Encoding in an HTTP/1.0 response")
    if (codings.length > 1 || codings[0]?.toLowerCase() !== "chunked") throw refuse("an unknown Transfer-Encoding")
  }
  if (lengths.length > 1) throw refuse("Content-Length more than once")
  const [length] = lengths
  if (length !== undefined && !/^[0-9]{1,15}$/.test(length)) throw refuse("a malformed Content-Length")
  const bodiless = method === "HEAD" || status < 200 || status === 204 || status === 304
  if (bodiless || (method === "CONNECT" && status < 300)) return { kind: "none" }
  if (codings.length > 0) return { kind: "chunked" }
  return length === undefined ? { kind: "close" } : { kind: "length", length: Number(length) }
}
