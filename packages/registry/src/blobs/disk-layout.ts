import { mkdir } from "node:fs/promises"
import { dirname, join } from "node:path"
import { type Digest, isDigest, localIoError, splitDigest, syncDirectory, TransferError } from "@entrepot/core"

const partialName = /^[a-z0-9-]{1,160}$/

/** Where a store on disk has its files. Everything is one file system, so that a rename is all it takes; names are validated, never paths (S8). */
export class DiskLayout {
  readonly root: string
  readonly blobs: string
  readonly partials: string
  readonly claims: string
  readonly quarantine: string

  constructor(root: string) {
    this.root = root
    this.blobs = join(root, "blobs")
    this.partials = join(root, "partials")
    this.claims = join(root, "claims")
    this.quarantine = join(root, "quarantine")
  }

  /** Makes what is missing, readable for nobody else. @throws TransferError `local_io`. */
  async make(): Promise<void> {
    await this.makeDirectory(this.blobs)
    // What a power cut takes of these is no loss.
    for (const directory of [this.partials, this.claims, this.quarantine]) {
      await mkdir(directory, { recursive: true, mode: 0o700 }).catch((error: unknown) =>
        Promise.reject(localIoError(error, directory)),
      )
    }
  }

  /** A blob's path below the root. @throws TransferError `protocol` for a digest that cannot be verified. */
  location(digest: Digest): string {
    const { algorithm, hex } = splitDigest(digest)
    return `blobs/${algorithm}/${hex.slice(0, 2)}/${hex}`
  }

  /** Where a blob stands, or would. @throws TransferError `protocol` for a digest that cannot be verified. */
  blob(digest: Digest): string {
    return join(this.root, this.location(digest))
  }

  /** Where a blob whose bytes are wrong is put aside. A later one of the same digest takes its place. */
  quarantined(digest: Digest): string {
    const { algorithm, hex } = splitDigest(digest)
    return join(this.quarantine, `${algorithm}-${hex}`)
  }

  /** Where something grows. @throws TransferError `local_io` for anything that is not such a name. */
  partial(name: string): string {
    if (!this.isPartialName(name)) {
      throw new TransferError("local_io", `not a name for a growing blob: ${JSON.stringify(name.slice(0, 200))}`, {
        host: this.root,
      })
    }
    return join(this.partials, name)
  }

  isPartialName(name: string): boolean {
    return partialName.test(name)
  }

  /** The digest that a file in `blobs/<algorithm>/<fan>/` is named by; undefined for a file that is not ours. */
  digestOf(algorithm: string, fan: string, hex: string): Digest | undefined {
    const digest = `${algorithm}:${hex}`
    return hex.startsWith(fan) && isDigest(digest) ? digest : undefined
  }

  /** Makes a directory and its parents where they are missing, so that they survive a power cut. @throws TransferError `local_io`. */
  async makeDirectory(directory: string): Promise<void> {
    try {
      const first = await mkdir(directory, { recursive: true, mode: 0o700 })
      for (let made = directory; first !== undefined && made.length >= first.length; made = dirname(made)) {
        await syncDirectory(dirname(made))
      }
    } catch (error) {
      throw localIoError(error, directory)
    }
  }
}
