import type { Descriptor } from "../../content/descriptor.ts"
import type { Digest } from "../../content/digest.ts"
import type { BlobRead, CanRange, HasReferrers, HasTags, RawManifest, ReadRange, SourceStore } from "../../content/store.ts"
import { openTarBlob } from "../archive/open-tar-blob.ts"
import type { SpoolOptions } from "../archive/spool-bytes.ts"
import { openTarArchive, type TarArchive } from "../archive/tar-archive.ts"
import { findTarBlob, tarLayoutFiles } from "../archive/tar-layout.ts"
import type { LayoutEntry } from "../oci-layout/layout-index.ts"
import { LayoutReader } from "../oci-layout/layout-reader.ts"

/** An OCI image layout in a tar, read in place. */
export class OciArchiveSource implements SourceStore, CanRange, HasTags, HasReferrers {
  readonly transport = "oci-archive"
  readonly host: string
  readonly display: string
  readonly canRange = true
  readonly #archive: TarArchive
  readonly #reader: LayoutReader

  constructor(archive: TarArchive, reader: LayoutReader) {
    this.#archive = archive
    this.#reader = reader
    this.host = archive.place
    this.display = `oci-archive:${archive.place}`
  }

  async openBlob(blob: Descriptor, range?: ReadRange, signal?: AbortSignal): Promise<BlobRead> {
    return openTarBlob(this.#archive, findTarBlob(this.#archive, blob.digest), blob, range, signal)
  }

  resolve(tagOrDigest: string): Promise<Descriptor | undefined> {
    return this.#reader.resolve(tagOrDigest)
  }

  getManifest(tagOrDigest: string): Promise<RawManifest> {
    return this.#reader.getManifest(tagOrDigest)
  }

  listTags(): Promise<readonly string[]> {
    return this.#reader.listTags()
  }

  listReferrers(subject: Digest, artifactType?: string): Promise<readonly Descriptor[]> {
    return this.#reader.listReferrers(subject, artifactType)
  }

  listEntries(): Promise<readonly LayoutEntry[]> {
    return this.#reader.listEntries()
  }

  close(): Promise<void> {
    return this.#archive.close()
  }
}

/** @throws TransferError `not_found` for a file that is missing or holds no layout, and as `openTarArchive`. */
export async function openOciArchive(path: string, options: SpoolOptions = {}): Promise<OciArchiveSource> {
  const archive = await openTarArchive(path, options)
  try {
    const reader = new LayoutReader(tarLayoutFiles(archive), path)
    await reader.checkVersion()
    return new OciArchiveSource(archive, reader)
  } catch (error) {
    await archive.close()
    throw error
  }
}
