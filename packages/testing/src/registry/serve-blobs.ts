import type { BlobContent } from "../images/blob-content.ts"
import type { Exchange } from "./exchange.ts"
import type { RegistryState } from "./registry-state.ts"
import { errorReply, type Reply } from "./reply.ts"

/** distribution-spec end-2 and end-10: blobs, with ranges, or a redirect to where they lie. */
export function serveBlob(exchange: Exchange, state: RegistryState): Reply {
  const { repository: name = "", reference: digest = "" } = exchange.route
  const repository = state.repositories.get(name)
  const content = repository?.blobs.get(digest)
  if (!repository || !content) return errorReply(404, "BLOB_UNKNOWN", "blob unknown to registry")
  if (exchange.method === "DELETE") {
    repository.blobs.delete(digest)
    return { status: 202 }
  }
  if (state.redirect && exchange.method === "GET")
    return { status: state.redirect.status, headers: { location: state.redirect.sign(digest, content) } }
  return contentReply(exchange, state, content, { "docker-content-digest": digest })
}

/** A content as GET and HEAD answer it (RFC 9110, section 14). */
export function contentReply(
  exchange: Exchange,
  state: RegistryState,
  content: BlobContent,
  more: Readonly<Record<string, string>> = {},
): Reply {
  const size = content.sizeBytes
  const headers = { "content-type": "application/octet-stream", ...more }
  const wanted = exchange.incoming.headers.range
  const ignored = state.quirks.ignoreRange || (wanted !== undefined && exchange.strikes("ignoreRange"))
  if (wanted === undefined || ignored || exchange.method !== "GET")
    return {
      status: 200,
      headers: state.quirks.ignoreRange ? headers : { ...headers, "accept-ranges": "bytes" },
      body: { content, from: 0, end: size },
    }
  const range = rangeOf(wanted, size)
  const refusedOpen = state.quirks.refuseOpenRange && wanted.endsWith("-")
  if (!range || refusedOpen)
    return errorReply(416, "RANGE_INVALID", "the range cannot be satisfied", { "content-range": `bytes */${size}` })
  const [from, end] = exchange.strikes("wrongRange") ? shifted(range, size) : range
  return {
    status: 206,
    headers: { ...headers, "accept-ranges": "bytes", "content-range": `bytes ${from}-${end - 1}/${size}` },
    body: { content, from, end },
  }
}

function rangeOf(header: string, size: number): [from: number, end: number] | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header)
  if (!match) return undefined
  const [, first, last] = match
  if (first === "" && last === "") return undefined
  if (first === "") return last === "0" ? undefined : [Math.max(0, size - Number(last)), size]
  const from = Number(first)
  const end = last === "" ? size : Math.min(size, Number(last) + 1)
  return from < end ? [from, end] : undefined
}

function shifted([from, end]: readonly [number, number], size: number): [number, number] {
  const length = end - from
  const other = from === 0 ? Math.min(1, size - length) : 0
  return [other, other + length]
}
