import { digestOf, formatPlatform, isTransferError, type Platform, splitDigest } from "@entrepot/core"
import type { BlobRecord } from "@entrepot/db/stores"
import type { BlobStore } from "@entrepot/registry"

/** Configurations that are longer are not read: those of real images are some kilobytes (RELIABILITY S9). */
const mostConfigBytes = 1024 * 1024

const unknown = "unknown"
const part = /^[\w.+-]{1,64}$/

/** As an index or a configuration says it; `unknown` where it says nothing that can be a platform. */
export function platformOf(platform: Platform | undefined): string {
  if (platform === undefined) return unknown
  const { os, architecture, variant } = platform
  if (![os, architecture, variant ?? os].every((each) => part.test(each))) return unknown
  return os === unknown && architecture === unknown ? unknown : formatPlatform(platform)
}

/** As the configuration of an image says it, whose bytes are here. */
export async function platformIn(
  blobs: Pick<BlobStore, "read">,
  { digest, sizeBytes }: Pick<BlobRecord, "digest" | "sizeBytes">,
): Promise<string> {
  if (sizeBytes > mostConfigBytes) return unknown
  try {
    const pieces: Buffer[] = []
    // Pieces are lent: their memory is used again.
    for await (const piece of await blobs.read(digest)) pieces.push(Buffer.from(piece))
    const bytes = Buffer.concat(pieces)
    // What is on disk may have changed since it was stored.
    return digestOf(bytes, splitDigest(digest).algorithm) === digest ? platformOf(parsed(bytes)) : unknown
  } catch (error) {
    if (isTransferError(error)) return unknown
    throw error
  }
}

function parsed(bytes: Buffer): Platform | undefined {
  try {
    const { os, architecture, variant } = JSON.parse(bytes.toString("utf8")) as Readonly<Record<string, unknown>>
    if (typeof os !== "string" || typeof architecture !== "string") return undefined
    return { os, architecture, ...(typeof variant === "string" && variant !== "" ? { variant } : {}) }
  } catch {
    return undefined
  }
}
