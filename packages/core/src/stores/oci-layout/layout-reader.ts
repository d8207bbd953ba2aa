import type { Descriptor } from "../../content/descriptor.ts"
import { type Digest, digestOf, isDigest, splitDigest } from "../../content/digest.ts"
import { manifestLimits } from "../../content/manifest.ts"
import type { RawManifest } from "../../content/store.ts"
import { TransferError } from "../../errors/transfer-error.ts"
import { describeManifest } from "../files/describe-manifest.ts"
import { verifyManifest } from "../files/verify-manifest.ts"
import { type LayoutEntry, type LayoutIndex, parseLayoutIndex } from "./layout-index.ts"
import { listLayoutReferrers } from "./layout-referrers.ts"

/** The files of a layout, in a directory or inside a tar. */
export interface LayoutFiles {
  /** A small file of the layout's root. Undefined where there is none. @throws TransferError `too_large`. */
  readFile(name: string, limitBytes: number): Promise<Buffer | undefined>
  /** A small blob. Undefined where there is none. @throws TransferError `too_large`. */
  readBlob(digest: Digest, limitBytes: number): Promise<Buffer | undefined>
  /** True where nothing changes while it is read: then `index.json` is read once. */
  readonly isFixed?: boolean
  /** Bytes of a blob's file, undefined where there is none. */
  blobSize(digest: Digest): Promise<number | undefined>
}

/** An index of tags may be long, but not endless. */
export const indexLimitBytes = 16 * 1024 * 1024

/** Reads the manifests of an OCI image layout (image-spec, image-layout.md), wherever its files are. */
export class LayoutReader {
  readonly #files: LayoutFiles
  readonly #place: string
  #index: Promise<LayoutIndex> | undefined

  constructor(files: LayoutFiles, place: string) {
    this.#files = files
    this.#place = place
  }

  /** @throws TransferError `not_found` where there is no layout, `archive_invalid`. */
  async checkVersion(): Promise<void> {
    const version = await this.#files.readFile("oci-layout", 64 * 1024)
    if (version === undefined) {
      throw new TransferError("not_found", `${this.#place} is not an OCI image layout: it has no oci-layout file`, {
        host: this.#place,
        hint: "name a layout as skopeo, buildah, oras or `copy … oci:DIR` make them",
      })
    }
    if (!/"imageLayoutVersion"\s*:\s*"1\./.test(version.toString("utf8"))) {
      throw new TransferError("archive_invalid", `oci-layout of ${this.#place} names no version that is known here`, {
        host: this.#place,
      })
    }
  }

  /** @throws TransferError `archive_invalid`. */
  readIndex(): Promise<LayoutIndex> {
    if (!this.#files.isFixed) return this.#readIndex()
    this.#index ??= this.#readIndex()
    return this.#index
  }

  async #readIndex(): Promise<LayoutIndex> {
    const bytes = await this.#files.readFile("index.json", indexLimitBytes)
    if (bytes === undefined) {
      throw new TransferError("archive_invalid", `${this.#place} has no index.json`, { host: this.#place })
    }
    return parseLayoutIndex(bytes, this.#place)
  }

  async listEntries(): Promise<readonly LayoutEntry[]> {
    return (await this.readIndex()).entries
  }

  /** Undefined also for a manifest that is damaged: whoever writes it again puts it right. */
  async resolve(tagOrDigest: string): Promise<Descriptor | undefined> {
    // A layer may be named by digest too: too big for a manifest is no manifest.
    if (isDigest(tagOrDigest) && ((await this.#files.blobSize(tagOrDigest)) ?? 0) > manifestLimits.bytes) return undefined
    const found = await this.#find(tagOrDigest)
    return found !== undefined && isIntact(found) ? found.descriptor : undefined
  }

  async getManifest(tagOrDigest: string): Promise<RawManifest> {
    const found = await this.#find(tagOrDigest)
    if (found === undefined) {
      throw new TransferError("not_found", `${this.#place} has no manifest ${tagOrDigest}`, { host: this.#place })
    }
    verifyManifest(found.descriptor.digest, found)
    return found
  }

  async listTags(): Promise<readonly string[]> {
    const tags = (await this.listEntries()).flatMap((entry) => (entry.tag === undefined ? [] : [entry.tag]))
    return [...new Set(tags)].sort()
  }

  async listReferrers(subject: Digest, artifactType?: string): Promise<readonly Descriptor[]> {
    return listLayoutReferrers(await this.readIndex(), subject, artifactType, (digest) => this.getManifest(digest))
  }

  /** Not verified yet. */
  async #find(tagOrDigest: string): Promise<RawManifest | undefined> {
    const isWanted = isDigest(tagOrDigest)
      ? (entry: LayoutEntry) => entry.descriptor.digest === tagOrDigest
      : (entry: LayoutEntry) => entry.tag === tagOrDigest
    const named = (await this.listEntries()).find(isWanted)?.descriptor
    const digest = named?.digest ?? (isDigest(tagOrDigest) ? tagOrDigest : undefined)
    const bytes = digest === undefined ? undefined : await this.#files.readBlob(digest, manifestLimits.bytes)
    if (digest === undefined || bytes === undefined) return undefined
    const mediaType = named?.mediaType ?? describeManifest(bytes)?.mediaType
    return mediaType === undefined ? undefined : { descriptor: { mediaType, digest, size: bytes.length }, bytes }
  }
}

function isIntact({ descriptor, bytes }: RawManifest): boolean {
  return digestOf(bytes, splitDigest(descriptor.digest).algorithm) === descriptor.digest
}
