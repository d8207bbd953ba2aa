import { createHash } from "node:crypto"
import { crc32, deflateRawSync, gzipSync } from "node:zlib"
import { type BlobContent, contentBytes, contentDigest, memoryContent } from "./blob-content.ts"
import { PseudoRandom } from "./pseudo-random.ts"
import { tarArchive, tarHeader } from "./tar-entry.ts"

/** A layer with what a config and a manifest have to say about it. */
export interface Layer {
  readonly digest: string
  /** Digest of the uncompressed tar, for the config's `rootfs.diff_ids`. */
  readonly diffId: string
  readonly content: BlobContent
}

export interface LayerOptions {
  readonly seed: string
  /** Exact size of the gzip blob; for a compressible layer the size of the file inside it. At least 64. */
  readonly sizeBytes: number
  readonly compressible?: boolean
  /** Algorithm of the blob's digest; `diffId` is always sha256. */
  readonly algorithm?: "sha256" | "sha512"
}

const storedBlock = 65_535
const keptInMemory = 1024 * 1024

/**
 * A gzip'ed tar with one file of pseudo-random bytes, of exactly the wanted size, that engines can unpack. Large ones are not held in
 * memory: they are stored (not deflated) blocks, made anew at each read.
 * @throws RangeError below 64 bytes.
 */
export function layer(options: LayerOptions): Layer {
  const { seed, sizeBytes, compressible = false, algorithm = "sha256" } = options
  if (sizeBytes < 64) throw new RangeError(`a layer needs at least 64 bytes, not ${sizeBytes}`)
  if (compressible) return compressibleLayer(seed, sizeBytes, algorithm)
  if (sizeBytes < 2048) return tinyLayer(seed, sizeBytes, algorithm)
  const stored = storedLayer(seed, sizeBytes)
  const content = sizeBytes <= keptInMemory ? memoryContent(contentBytes(stored.content)) : stored.content
  return { content, diffId: stored.diffId, digest: contentDigest(content, algorithm) }
}

/** A layer of real files, deflated; small. */
export function layerOfFiles(files: readonly { name: string; content: Buffer; mode?: number }[]): Layer {
  const tar = tarArchive(files)
  const content = memoryContent(gzipSync(tar))
  return { content, digest: contentDigest(content), diffId: sha256(tar) }
}

function sha256(bytes: Buffer): string {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`
}

function compressibleLayer(seed: string, sizeBytes: number, algorithm: "sha256" | "sha512"): Layer {
  const tar = tarArchive([
    { name: `text-${nameOf(seed)}`, content: Buffer.alloc(sizeBytes, `${seed} says it again and again\n`) },
  ])
  const content = memoryContent(gzipSync(tar))
  return { content, digest: contentDigest(content, algorithm), diffId: sha256(tar) }
}

function tinyLayer(seed: string, sizeBytes: number, algorithm: "sha256" | "sha512"): Layer {
  const tar = Buffer.alloc(1024)
  const deflated = deflateRawSync(tar)
  const content = memoryContent(
    Buffer.concat([gzipHeader(seed, sizeBytes - 10 - deflated.length - 8), deflated, gzipTrailer(crc32(tar), tar.length)]),
  )
  return { content, digest: contentDigest(content, algorithm), diffId: sha256(tar) }
}

function storedLayer(seed: string, sizeBytes: number): { content: BlobContent; diffId: string } {
  const gzipSize = (tarSize: number) => 10 + Math.ceil(tarSize / storedBlock) * 5 + tarSize + 8
  let tarSize = Math.floor(sizeBytes / 512) * 512
  while (gzipSize(tarSize) + 1 > sizeBytes) tarSize -= 512
  const fileSize = tarSize - 1536
  const tarHead = tarHeader(`data-${nameOf(seed)}`, fileSize)
  const random = new PseudoRandom(seed)

  const tarBytes = (from: number, end: number): Buffer =>
    Buffer.concat([
      tarHead.subarray(Math.min(from, 512), Math.min(end, 512)),
      span(from - 512, end - 512, fileSize, (at, length) => random.bytes(at, length)),
      Buffer.alloc(Math.max(0, end - Math.max(from, 512 + fileSize))),
    ])

  const diff = createHash("sha256")
  let crc = 0
  for (let at = 0; at < tarSize; at += storedBlock) {
    const bytes = tarBytes(at, Math.min(at + storedBlock, tarSize))
    diff.update(bytes)
    crc = crc32(bytes, crc)
  }
  const head = gzipHeader(seed, sizeBytes - gzipSize(tarSize))
  const trailer = gzipTrailer(crc, tarSize)
  const blocks = Math.ceil(tarSize / storedBlock)
  const bodyEnd = sizeBytes - trailer.length

  const block = (index: number): Buffer => {
    const start = index * storedBlock
    const end = Math.min(start + storedBlock, tarSize)
    const blockHeader = Buffer.alloc(5)
    blockHeader.writeUInt8(index === blocks - 1 ? 1 : 0, 0)
    blockHeader.writeUInt16LE(end - start, 1)
    blockHeader.writeUInt16LE(0xffff - (end - start), 3)
    return Buffer.concat([blockHeader, tarBytes(start, end)])
  }

  const content: BlobContent = {
    sizeBytes,
    *read(from = 0, end = sizeBytes) {
      if (from < head.length) yield head.subarray(from, Math.min(end, head.length))
      const first = Math.max(0, Math.floor((from - head.length) / (storedBlock + 5)))
      for (let index = first; index < blocks; index++) {
        const start = head.length + index * (storedBlock + 5)
        if (start >= end) return
        const bytes = block(index)
        const piece = bytes.subarray(Math.max(0, from - start), Math.min(bytes.length, end - start))
        if (piece.length > 0) yield piece
      }
      if (end > bodyEnd) yield trailer.subarray(Math.max(0, from - bodyEnd), end - bodyEnd)
    },
  }
  return { content, diffId: `sha256:${diff.digest("hex")}` }
}

function span(from: number, end: number, limit: number, make: (at: number, length: number) => Buffer): Buffer {
  const start = Math.max(0, from)
  const length = Math.min(end, limit) - start
  return length > 0 ? make(start, length) : Buffer.alloc(0)
}

function nameOf(seed: string): string {
  return seed.replace(/[^A-Za-z0-9._-]/g, "_").slice(-60)
}

/** RFC 1952 header whose comment field fills it up to 10 + `commentSize` bytes. */
function gzipHeader(seed: string, commentSize: number): Buffer {
  const comment = Buffer.alloc(commentSize)
  comment.write(createHash("sha512").update(seed).digest("hex").padEnd(commentSize, "."), 0, commentSize - 1, "latin1")
  return Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0x10, 0, 0, 0, 0, 0, 255]), comment])
}

function gzipTrailer(crc: number, sizeBytes: number): Buffer {
  const trailer = Buffer.alloc(8)
  trailer.writeUInt32LE(crc >>> 0, 0)
  trailer.writeUInt32LE(sizeBytes % 2 ** 32, 4)
  return trailer
}
