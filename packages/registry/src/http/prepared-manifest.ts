import type { Descriptor } from "@entrepot/core"
import type { ServedManifest } from "../warehouse/readable-repository.ts"
import { cacheHeaders } from "./cache-policy.ts"
import { commonHeaders } from "./common-headers.ts"

/** A larger body goes out as it lies in memory; a smaller one as text, which Node sends in one piece with the headers. */
const mostAsText = 64 * 1024

/** What goes out with a manifest again and again, made once. */
export class PreparedManifest {
  readonly descriptor: Descriptor
  readonly body: string | Buffer
  readonly #byPolicy = new Map<string, readonly string[]>()
  readonly #lines = new Map<readonly string[], string>()

  constructor({ descriptor, bytes }: ServedManifest) {
    this.descriptor = descriptor
    this.body = bytes.length > mostAsText ? bytes : bytes.toString("latin1")
  }

  /** @param cacheControl one of very few. */
  headers(cacheControl: string): readonly string[] {
    let headers = this.#byPolicy.get(cacheControl)
    if (headers === undefined) {
      headers = manifestHeaders(this.descriptor, cacheControl)
      this.#byPolicy.set(cacheControl, headers)
    }
    return headers
  }

  /** The same as lines of a response, each with its end. */
  lines(cacheControl: string): string {
    const headers = this.headers(cacheControl)
    let lines = this.#lines.get(headers)
    if (lines === undefined) {
      lines = linesOf(headers)
      this.#lines.set(headers, lines)
    }
    return lines
  }
}

const unprintable = /[^\t\x20-\x7e\x80-\xff]/

/** A flat list of names and values as lines of a response. @throws Error for what would not stay in its line (RELIABILITY S11), as Node's server does. */
export function linesOf(headers: readonly string[]): string {
  let lines = ""
  for (let at = 0; at < headers.length; at += 2) {
    const line = `${headers[at]}: ${headers[at + 1]}`
    if (unprintable.test(line)) throw new Error(`the header ${headers[at]} cannot be sent`)
    lines += `${line}\r\n`
  }
  return lines
}

/** What is told of a manifest. */
export function manifestHeaders({ mediaType, size, digest }: Descriptor, cacheControl: string): readonly string[] {
  return [
    ...["Content-Type", mediaType],
    ...["Content-Length", String(size)],
    ...["Docker-Content-Digest", digest],
    ...["ETag", `"${digest}"`],
    ...cacheHeaders(cacheControl),
    ...commonHeaders,
  ]
}

/** Kept as long as the bytes are. */
const prepared = new WeakMap<Buffer, PreparedManifest>()

/** The same for the same bytes in memory. */
export function prepareManifest(manifest: ServedManifest): PreparedManifest {
  let known = prepared.get(manifest.bytes)
  // Bytes can be asked for by digests of two algorithms, and be pushed under two types.
  if (known?.descriptor.digest !== manifest.descriptor.digest || known.descriptor.mediaType !== manifest.descriptor.mediaType) {
    known = new PreparedManifest(manifest)
    prepared.set(manifest.bytes, known)
  }
  return known
}
