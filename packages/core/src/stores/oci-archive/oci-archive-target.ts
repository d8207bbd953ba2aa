import type { Descriptor } from "../../content/descriptor.ts"
import type { BlobBody, PutOptions, RawManifest, TargetStore } from "../../content/store.ts"
import { Staging } from "../archive/staging.ts"
import { bufferInput, writeTarFile } from "../archive/tar-writer.ts"
import { formatLayoutIndex, type LayoutIndex } from "../oci-layout/layout-index.ts"
import { layoutFile } from "../oci-layout/oci-layout-store.ts"

/** An OCI image layout that becomes a tar on `finish`, replacing a file of that name; without it, nothing is left. */
export class OciArchiveTarget implements TargetStore {
  readonly transport = "oci-archive"
  readonly host: string
  readonly display: string
  readonly #path: string
  readonly #staging: Staging

  constructor(path: string, staging: Staging) {
    this.#path = path
    this.#staging = staging
    this.host = path
    this.display = `oci-archive:${path}`
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

  putManifest(tagOrDigest: string, manifest: RawManifest, signal?: AbortSignal): Promise<void> {
    return this.#staging.layout.putManifest(tagOrDigest, manifest, signal)
  }

  async finish(signal?: AbortSignal): Promise<void> {
    await this.#staging.layout.finish(signal)
    const index: LayoutIndex = await this.#staging.layout.readIndex()
    const inputs = [
      bufferInput("oci-layout", layoutFile),
      bufferInput("index.json", formatLayoutIndex(index)),
      ...(await this.#staging.listBlobs()),
    ]
    await writeTarFile(this.#path, inputs, signal)
  }

  close(): Promise<void> {
    return this.#staging.remove()
  }
}

/** Starts an archive that will be the file `path`. @throws TransferError `local_io`. */
export async function createOciArchive(path: string): Promise<OciArchiveTarget> {
  return new OciArchiveTarget(path, await Staging.openBeside(path))
}
