import { RegistryError } from "../../registry-error.ts"
import type { ServedBlob } from "../../warehouse/readable-repository.ts"
import { type ByteRange, parseByteRange } from "../byte-range.ts"
import { cacheControl, cacheHeaders } from "../cache-policy.ts"
import { commonHeaders } from "../common-headers.ts"
import { etagOf, isKnownToClient } from "../conditional.ts"
import { invalidDigest } from "../invalid-digest.ts"
import { type RepositoryVisit, readable, writable } from "../repository-visit.ts"
import type { RouteOf } from "../route.ts"
import { sendBytes } from "../send-bytes.ts"
import { servedHeaders } from "../served-headers.ts"

/** GET and HEAD (distribution-spec, "Pulling blobs"), with one range (RFC 9110, section 14); several ranges get the whole. */
export async function sendBlob(visit: RepositoryVisit, route: RouteOf<"blob">): Promise<void> {
  const { exchange } = visit
  const { signal } = exchange
  const blob = await readable(visit).blob(digestOf(route), signal)
  if (blob === undefined) throw unknown(route)
  exchange.cameFrom(blob)
  const headers = headersOf(visit, blob)
  if (isKnownToClient(exchange.request.headers["if-none-match"], blob.digest)) return exchange.send(304, headers)
  const typed = [...headers, "Content-Type", "application/octet-stream"]
  const { sendFile } = exchange.parts
  if (sendFile !== undefined && blob.location !== undefined && !exchange.isHead) {
    exchange.bytes = blob.sizeBytes
    // Whether there are ranges is said by the one who sends the file.
    return exchange.send(200, [...typed, "Content-Length", "0", sendFile.header, `${sendFile.prefix}${blob.location}`])
  }
  const whole = [...typed, "Accept-Ranges", "bytes"]
  if (exchange.isHead) return exchange.send(200, [...whole, "Content-Length", String(blob.sizeBytes)])
  const range = rangeOf(visit, blob)
  if (range === "unsatisfiable") {
    exchange.sendEmpty(416, ["Content-Range", `bytes */${blob.sizeBytes}`])
    return
  }
  const { from, to } = range ?? { from: 0, to: blob.sizeBytes }
  const length = to - from
  const sized = [...whole, "Content-Length", String(length)]
  if (range !== undefined) sized.push("Content-Range", `bytes ${from}-${to - 1}/${blob.sizeBytes}`)
  const status = range === undefined ? 200 : 206
  if (length === 0) return exchange.send(status, sized)
  await sendBytes(exchange, status, sized, await blob.read({ from, to }, signal), length)
}

/** DELETE (distribution-spec, "Deleting Blobs"): the repository's right to it; the bytes go when nobody needs them. */
export async function deleteBlob(visit: RepositoryVisit, route: RouteOf<"blob">): Promise<void> {
  await writable(visit).deleteBlob(digestOf(route))
  visit.exchange.sendEmpty(202)
}

function digestOf({ digest }: RouteOf<"blob">): string {
  if (digest !== undefined) return digest
  throw invalidDigest()
}

function headersOf(visit: RepositoryVisit, blob: ServedBlob): readonly string[] {
  const { exchange, admission } = visit
  return [
    ...["Docker-Content-Digest", blob.digest],
    ...["ETag", etagOf(blob.digest)],
    ...cacheHeaders(cacheControl(admission, "forever", exchange.parts.tagCacheS)),
    ...commonHeaders,
    ...servedHeaders(visit, blob),
  ]
}

function rangeOf({ exchange }: RepositoryVisit, blob: ServedBlob): ByteRange | "unsatisfiable" | undefined {
  const { range, "if-range": ifRange } = exchange.request.headers
  // What a client has a part of under another tag is something else (RFC 9110, section 13.1.5).
  if (ifRange !== undefined && ifRange !== etagOf(blob.digest)) return undefined
  const parsed = parseByteRange(range, blob.sizeBytes)
  return parsed === "whole" ? undefined : parsed
}

function unknown({ name, digest }: RouteOf<"blob">): RegistryError {
  return new RegistryError("BLOB_UNKNOWN", `${name} has no blob ${digest}`, { detail: { name, digest } })
}
