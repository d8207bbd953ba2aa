import type { Descriptor } from "../../content/descriptor.ts"
import { type Digest, digestOf, isDigest } from "../../content/digest.ts"
import type { BlobRead, CanRange, RawManifest, ReadRange, SourceStore } from "../../content/store.ts"
import { TransferError } from "../../errors/transfer-error.ts"
import { openTarBlob } from "../archive/open-tar-blob.ts"
import type { SpoolOptions } from "../archive/spool-bytes.ts"
import { openTarArchive, type TarArchive } from "../archive/tar-archive.ts"
import type { TarFile } from "../archive/tar-index.ts"
import { findTarBlob, tarLayoutFiles } from "../archive/tar-layout.ts"
import { LayoutReader } from "../oci-layout/layout-reader.ts"
import { findImage } from "./choose-image.ts"
import { type ArchivedImage, dockerManifestLimits, parseDockerManifest } from "./docker-manifest.ts"
import { findArchivedRoot } from "./find-archived-root.ts"
import { synthesiseManifest } from "./synthesise-manifest.ts"

/**
 * What `docker save` wrote, of any age. An image is read under its name, its tag where that decides, its digest, or `@N`. Where the archive has the
 * image's OCI manifest and all of its blobs, that is what is read, byte for byte; else a Docker schema 2 manifest is made.
 */
export class DockerArchiveSource implements SourceStore, CanRange {
  readonly transport: string
  readonly host: string
  readonly display: string
  readonly canRange = true
  readonly images: readonly ArchivedImage[]
  readonly #archive: TarArchive
  readonly #layout: LayoutReader | undefined
  readonly #files = new Map<Digest, TarFile>()
  readonly #manifests = new Map<number, Promise<RawManifest>>()

  constructor(archive: TarArchive, images: readonly ArchivedImage[], layout: LayoutReader | undefined, display: string) {
    this.#archive = archive
    this.#layout = layout
    this.images = images
    this.transport = display.slice(0, display.indexOf(":"))
    this.host = archive.place
    this.display = display
  }

  async openBlob(blob: Descriptor, range?: ReadRange, signal?: AbortSignal): Promise<BlobRead> {
    const file = this.#files.get(blob.digest) ?? findTarBlob(this.#archive, blob.digest)
    return openTarBlob(this.#archive, file, blob, range, signal)
  }

  async resolve(reference: string, signal?: AbortSignal): Promise<Descriptor | undefined> {
    return (await this.#find(reference, signal))?.descriptor
  }

  async getManifest(reference: string, signal?: AbortSignal): Promise<RawManifest> {
    const found = await this.#find(reference, signal)
    if (found !== undefined) return found
    throw new TransferError("not_found", `${this.display} has no image ${reference.slice(0, 200)}`, { host: this.host })
  }

  close(): Promise<void> {
    return this.#archive.close()
  }

  async #find(reference: string, signal: AbortSignal | undefined): Promise<RawManifest | undefined> {
    if (!isDigest(reference)) {
      const image = findImage(this.images, reference)
      return image === undefined ? undefined : this.#manifestOf(image, signal)
    }
    if ((await this.#layout?.resolve(reference)) !== undefined) return this.#layout?.getManifest(reference)
    for (const image of this.images) {
      const manifest = await this.#manifestOf(image, signal)
      if (manifest.descriptor.digest === reference) return manifest
    }
    return undefined
  }

  /** Made once: it may take reading every layer. */
  #manifestOf(image: ArchivedImage, signal: AbortSignal | undefined): Promise<RawManifest> {
    const known = this.#manifests.get(image.index)
    if (known !== undefined) return known
    const made = this.#makeManifest(image, signal)
    this.#manifests.set(image.index, made)
    made.catch(() => this.#manifests.delete(image.index))
    return made
  }

  async #makeManifest(image: ArchivedImage, signal: AbortSignal | undefined): Promise<RawManifest> {
    if (this.#layout !== undefined) {
      const config = await this.#archive.readSmall(image.config, dockerManifestLimits.bytes)
      const root = config && (await findArchivedRoot(this.#archive, this.#layout, digestOf(config)))
      if (root !== undefined) return root
    }
    const { manifest, files } = await synthesiseManifest(this.#archive, image, signal)
    for (const [digest, file] of files) this.#files.set(digest, file)
    return manifest
  }
}

/** @throws TransferError `not_found`, `archive_invalid` for a tar that `docker save` did not write, and as `openTarArchive`. */
export async function openDockerArchive(path: string, options: SpoolOptions = {}): Promise<DockerArchiveSource> {
  return readDockerArchive(await openTarArchive(path, options), `docker-archive:${path}`)
}

/** Reads an archive that is open already, and closes it when it is none. `display` begins with the transport. */
export async function readDockerArchive(archive: TarArchive, display: string): Promise<DockerArchiveSource> {
  const host = archive.place
  try {
    const isLayout = archive.find("oci-layout") !== undefined && archive.find("index.json") !== undefined
    const bytes = await archive.readSmall("manifest.json", dockerManifestLimits.bytes)
    if (bytes === undefined) {
      throw new TransferError("archive_invalid", `${host} was not made by docker save: it has no manifest.json`, {
        host,
        hint: isLayout ? `it is an OCI archive: use oci-archive:${host}` : "make one with `docker save -o FILE IMAGE`",
      })
    }
    const layout = isLayout ? new LayoutReader(tarLayoutFiles(archive), host) : undefined
    return new DockerArchiveSource(archive, parseDockerManifest(bytes, host), layout, display)
  } catch (error) {
    await archive.close()
    throw error
  }
}
