import { createHash } from "node:crypto"

/** The bytes of a blob, readable from any offset as often as wanted. */
export interface BlobContent {
  readonly sizeBytes: number
  /** Yields the bytes from `from` up to, not including, `end`; both default to the whole. */
  read(from?: number, end?: number): Iterable<Buffer>
}

/** Content that lies in memory, in one piece or several. */
export function memoryContent(...pieces: readonly Buffer[]): BlobContent {
  const sizeBytes = pieces.reduce((sum, piece) => sum + piece.length, 0)
  return {
    sizeBytes,
    *read(from = 0, end = sizeBytes) {
      let at = 0
      for (const piece of pieces) {
        const slice = piece.subarray(Math.max(0, from - at), Math.max(0, end - at))
        at += piece.length
        if (slice.length > 0) yield slice
      }
    },
  }
}

/** All bytes of a content at once; meant for small ones. */
export function contentBytes(content: BlobContent, from?: number, end?: number): Buffer {
  return Buffer.concat([...content.read(from, end)])
}

/** `sha256:…` or `sha512:…` of a content. */
export function contentDigest(content: BlobContent, algorithm: "sha256" | "sha512" = "sha256"): string {
  const hash = createHash(algorithm)
  for (const piece of content.read()) hash.update(piece)
  return `${algorithm}:${hash.digest("hex")}`
}
