import type { Descriptor } from "../../content/descriptor.ts"
import type { Digest } from "../../content/digest.ts"
import { manifestLimits, parseManifest } from "../../content/manifest.ts"
import type { RawManifest } from "../../content/store.ts"
import { isTransferError } from "../../errors/transfer-error.ts"
import type { TarArchive } from "../archive/tar-archive.ts"
import { findTarBlob } from "../archive/tar-layout.ts"
import type { LayoutReader } from "../oci-layout/layout-reader.ts"

/**
 * The manifest in an archive's own OCI layout that has the config of `digest`: the whole index where all of it is in the archive, else the image in it
 * (Docker's containerd store saves indexes with the platforms that it has). Undefined where none is complete.
 */
export async function findArchivedRoot(
  archive: TarArchive,
  layout: LayoutReader,
  config: Digest,
): Promise<RawManifest | undefined> {
  const isHere = (blob: Descriptor) => findTarBlob(archive, blob.digest)?.size === blob.size

  interface Visited {
    readonly found?: RawManifest
    readonly isComplete: boolean
  }
  // Each manifest once: an index may name the same child a thousand times, and that one too.
  const visited = new Map<Digest, Visited>()
  const visit = async (digest: Digest, mediaType: string, depth: number): Promise<Visited> => {
    const known = visited.get(digest)
    if (known !== undefined) return known
    const result = await visitNew(digest, mediaType, depth)
    visited.set(digest, result)
    return result
  }
  const visitNew = async (digest: Digest, mediaType: string, depth: number): Promise<Visited> => {
    if (depth > manifestLimits.depth || (await layout.resolve(digest)) === undefined) return { isComplete: false }
    const read = await layout.getManifest(digest)
    const raw = { ...read, descriptor: { ...read.descriptor, mediaType } }
    const parsed = parseManifest(raw)
    if (parsed.kind === "image") {
      const isComplete = parsed.blobs.every(isHere)
      return isComplete && parsed.config.digest === config ? { found: raw, isComplete } : { isComplete }
    }
    const children: Visited[] = []
    for (const child of parsed.children) children.push(await visit(child.digest, child.mediaType, depth + 1))
    const isComplete = children.every((child) => child.isComplete)
    const found = children.find((child) => child.found !== undefined)?.found
    return found === undefined ? { isComplete } : { found: isComplete ? raw : found, isComplete }
  }

  for (const { descriptor } of await layout.listEntries()) {
    try {
      const { found } = await visit(descriptor.digest, descriptor.mediaType, 0)
      if (found !== undefined) return found
    } catch (error) {
      // A damaged layout does not matter where manifest.json is whole.
      if (!isTransferError(error)) throw error
    }
  }
  return undefined
}
