import type { Descriptor } from "../../content/descriptor.ts"
import { type Digest, isDigest } from "../../content/digest.ts"
import { type IndexManifest, parseManifest } from "../../content/manifest.ts"
import { mediaTypes } from "../../content/media-types.ts"
import type { BlobBody, PutOptions, RawManifest, TargetStore } from "../../content/store.ts"
import { TransferError } from "../../errors/transfer-error.ts"
import type { Reference } from "../../reference/index.ts"
import { Staging } from "../archive/staging.ts"
import { type TarInput, writeTarFile } from "../archive/tar-writer.ts"
import { dockerArchiveFiles, type ImageToArchive } from "./docker-archive-files.ts"

/** Where an archive gathers and where it goes. */
export interface DockerArchiveTargetOptions {
  /** Begins with the transport. */
  readonly display: string
  readonly host: string
  readonly staging: Staging
  /** Gives registry and repository to the tags that are put; without it the images have no names. */
  readonly name: Reference | undefined
  /** Brings the finished archive to where it belongs. */
  readonly publish: (
    files: readonly TarInput[],
    images: readonly ImageToArchive[],
    signal: AbortSignal | undefined,
  ) => Promise<void>
}

/**
 * Gathers images for an archive in the form of `docker save`. Takes one platform: an index is stored as the one image of it that was put before, and
 * refused when there are several. Nothing is published before `finish`.
 */
export class DockerArchiveTarget implements TargetStore {
  readonly transport: string
  readonly host: string
  readonly display: string
  readonly #staging: Staging
  readonly #options: DockerArchiveTargetOptions
  readonly #tags = new Map<string, Digest>()
  readonly #images = new Map<Digest, Omit<ImageToArchive, "names">>()

  constructor(options: DockerArchiveTargetOptions) {
    this.#options = options
    this.#staging = options.staging
    this.transport = options.display.slice(0, options.display.indexOf(":"))
    this.host = options.host
    this.display = options.display
  }

  hasBlob(blob: Descriptor): Promise<boolean> {
    return this.#staging.layout.hasBlob(blob)
  }

  putBlob(blob: Descriptor, body: BlobBody, options?: PutOptions): Promise<void> {
    return this.#staging.layout.putBlob(blob, body, options)
  }

  resolve(tagOrDigest: string): Promise<Descriptor | undefined> {
    return this.#staging.layout.resolve(tagOrDigest)
  }

  async putManifest(tagOrDigest: string, manifest: RawManifest, signal?: AbortSignal): Promise<void> {
    const parsed = parseManifest(manifest)
    if (parsed.kind === "index") {
      const child = await this.#onlyChild(parsed)
      return this.putManifest(isDigest(tagOrDigest) ? child.descriptor.digest : tagOrDigest, child, signal)
    }
    const type = parsed.config.mediaType
    if (type !== mediaTypes.ociConfig && type !== mediaTypes.dockerConfig) {
      throw new TransferError("unsupported", `${this.display} can hold images, but no artifact of type ${type}`, {
        host: this.host,
        hint: "use oci: or oci-archive: for it",
      })
    }
    await this.#staging.layout.putManifest(tagOrDigest, manifest, signal)
    const { mediaType, digest, size } = manifest.descriptor
    this.#images.set(digest, { descriptor: { mediaType, digest, size }, manifest: parsed })
    if (!isDigest(tagOrDigest)) this.#tags.set(tagOrDigest, digest)
  }

  /** @throws TransferError `unsupported` when a layer was left out. */
  async finish(signal?: AbortSignal): Promise<void> {
    const images = this.#listImages()
    for (const { manifest } of images) {
      for (const blob of manifest.blobs) {
        if (await this.#staging.layout.hasBlob(blob)) continue
        throw new TransferError("unsupported", `${this.display} cannot hold an image without its layer ${blob.digest}`, {
          host: this.host,
        })
      }
    }
    await this.#options.publish(dockerArchiveFiles(images, await this.#staging.listBlobs()), images, signal)
  }

  close(): Promise<void> {
    return this.#staging.remove()
  }

  /** Those with a tag; what was put by digest alone belongs to an index that became one of them. */
  #listImages(): readonly ImageToArchive[] {
    const { name } = this.#options
    const tagsOf = (digest: Digest) => [...this.#tags].filter(([, tagged]) => tagged === digest).map(([tag]) => tag)
    const images = [...this.#images.values()].map((image) => ({ image, tags: tagsOf(image.descriptor.digest) }))
    const tagged = images.filter(({ tags }) => tags.length > 0)
    return (tagged.length > 0 ? tagged : images).map(({ image, tags }) => ({
      ...image,
      names: name === undefined ? [] : tags.map((tag) => ({ registry: name.registry, repository: name.repository, tag })),
    }))
  }

  async #onlyChild(index: IndexManifest): Promise<RawManifest> {
    const here: RawManifest[] = []
    for (const child of index.children) {
      // Attestations of buildkit are no images.
      if (child.platform?.os !== "unknown" && this.#images.has(child.digest))
        here.push(await this.#staging.layout.getManifest(child.digest))
    }
    const [only] = here
    if (only !== undefined && here.length === 1) return only
    throw new TransferError("unsupported", `${this.display} can hold one platform, and this image has ${index.children.length}`, {
      host: this.host,
      hint: "choose one with --platform, for example --platform linux/amd64",
    })
  }
}

/** Starts an archive that will be the file `path`. @throws TransferError `local_io`. */
export async function createDockerArchive(path: string, name?: Reference): Promise<DockerArchiveTarget> {
  const staging = await Staging.openBeside(path)
  return new DockerArchiveTarget({
    display: `docker-archive:${path}`,
    host: path,
    staging,
    name,
    publish: (files, _images, signal) => writeTarFile(path, files, signal),
  })
}
