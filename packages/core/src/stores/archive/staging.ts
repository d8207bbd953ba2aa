import { readdir, rm, stat } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import { type Digest, splitDigest } from "../../content/digest.ts"
import { BlobDirectory } from "../files/blob-directory.ts"
import { localIoError, systemCode } from "../files/local-io-error.ts"
import { isOwnerAlive, newOwner } from "../files/owner.ts"
import { readFileBytes } from "../files/read-file-bytes.ts"
import { type OciLayoutStore, openOciLayout } from "../oci-layout/oci-layout-store.ts"
import type { TarInput } from "./tar-writer.ts"

/** An archive untouched for so long is nobody's work any more: 24 hours. */
const staleMs = 24 * 60 * 60 * 1000

/** A layout in a hidden directory, where an archive gathers before it is packed. */
export class Staging {
  readonly layout: OciLayoutStore
  readonly #directory: string

  private constructor(layout: OciLayoutStore, directory: string) {
    this.layout = layout
    this.#directory = directory
  }

  /** Beside the archive that `path` will be, on the same file system. What dead processes left there of the same archive is removed. */
  static async openBeside(path: string): Promise<Staging> {
    const prefix = `.${basename(path)}.partial-`
    await sweep(dirname(path), prefix)
    return Staging.#open(join(dirname(path), `${prefix}${newOwner()}`))
  }

  static async #open(directory: string): Promise<Staging> {
    return new Staging(await openOciLayout(directory, { create: true, durable: false }), directory)
  }

  /** Every blob as it goes into the tar, in the order of their names. */
  async listBlobs(): Promise<TarInput[]> {
    const blobs = new BlobDirectory(this.#directory, { partialDirectory: join(this.#directory, ".partial") })
    const inputs: TarInput[] = []
    for await (const { digest, size } of blobs.list()) {
      inputs.push({ name: tarBlobName(digest), size, read: () => readFileBytes(blobs.path(digest), 0, size) })
    }
    return inputs.sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  async remove(): Promise<void> {
    await rm(this.#directory, { recursive: true, force: true }).catch((error: unknown) => {
      throw localIoError(error, this.#directory)
    })
  }
}

/** Where a blob stands in an archive. */
export function tarBlobName(digest: Digest): string {
  const { algorithm, hex } = splitDigest(digest)
  return `blobs/${algorithm}/${hex}`
}

async function sweep(directory: string, prefix: string): Promise<void> {
  const names = await readdir(directory).catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return []
    throw localIoError(error, directory)
  })
  for (const name of names) {
    if (!name.startsWith(prefix)) continue
    const path = join(directory, name)
    const found = await stat(path).catch(() => undefined)
    if (found === undefined || isOwnerAlive(name.slice(prefix.length), found.mtimeMs, staleMs)) continue
    await rm(path, { recursive: true, force: true }).catch(() => undefined)
  }
}
