import { constants, type FileHandle, open, rename, rm } from "node:fs/promises"
import { dirname } from "node:path"
import { type Digest, localIoError, SerialQueue, splitDigest, syncDirectory, TransferError } from "@entrepot/core"
import type { PartialBlob, StoredBlob } from "./blob-store.ts"
import type { Claim } from "./claims.ts"
import type { DiskLayout } from "./disk-layout.ts"
import type { HashThreads } from "./hash-threads.ts"
import { RunningHash } from "./running-hash.ts"

/** Synced as it grows, so that little is left to do when it becomes a blob. */
const syncEveryBytes = 64 * 1024 * 1024

interface DiskPartialParts {
  readonly name: string
  readonly layout: DiskLayout
  readonly threads: HashThreads
  readonly claim: Claim
  readonly algorithm: "sha256" | "sha512"
  /** Another file is at a blob's path now. */
  readonly replaced: (path: string) => void
  /** The name is free for the next. */
  readonly ended: () => void
  readonly closed: () => void
}

/** A file that is growing into a blob. */
export class DiskPartial implements PartialBlob {
  readonly name: string
  readonly #parts: DiskPartialParts
  readonly #path: string
  readonly #handle: FileHandle
  readonly #queue = new SerialQueue()
  #hash: RunningHash
  #sizeBytes: number
  #syncedBytes = 0
  #syncing: Promise<void> | undefined
  /** The disk did not keep what it had taken, and nobody can tell what of it is there. */
  #loss: { readonly error: unknown } | undefined
  #state: "growing" | "ended" | "closed" = "growing"

  private constructor(parts: DiskPartialParts, path: string, handle: FileHandle, sizeBytes: number) {
    this.name = parts.name
    this.#parts = parts
    this.#path = path
    this.#handle = handle
    this.#sizeBytes = sizeBytes
    this.#hash = this.#newHash()
  }

  /** Opens the file, or makes it. @throws TransferError `local_io`. */
  static async open(parts: DiskPartialParts): Promise<DiskPartial> {
    const path = parts.layout.partial(parts.name)
    try {
      const handle = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW, 0o600)
      try {
        return new DiskPartial(parts, path, handle, (await handle.stat()).size)
      } catch (error) {
        await handle.close()
        throw error
      }
    } catch (error) {
      throw localIoError(error, path)
    }
  }

  get sizeBytes(): number {
    return this.#sizeBytes
  }

  append(chunks: readonly Buffer[]): Promise<void> {
    return this.#run(async () => {
      this.#assertGrowing()
      let left = chunks.filter((chunk) => chunk.length > 0)
      while (left.length > 0) {
        const { bytesWritten } = await this.#handle.writev(left, this.#sizeBytes)
        if (bytesWritten === 0) throw new Error("the disk takes no more bytes")
        this.#sizeBytes += bytesWritten
        this.#hash.update(left, bytesWritten)
        left = after(left, bytesWritten)
      }
      if (this.#sizeBytes - this.#syncedBytes >= syncEveryBytes && this.#syncing === undefined)
        void this.#sync().catch(() => undefined)
    })
  }

  async read(from: number, to: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafeSlow(to - from)
    try {
      for (let at = 0; at < buffer.length; ) {
        const { bytesRead } = await this.#handle.read(buffer, at, buffer.length - at, from + at)
        if (bytesRead === 0) throw new Error(`it ends at byte ${from + at}, before byte ${to}`)
        at += bytesRead
      }
      return buffer
    } catch (error) {
      throw localIoError(error, this.#path)
    }
  }

  digest(algorithm = this.#parts.algorithm): Promise<Digest> {
    return this.#run(async () => {
      this.#assertGrowing()
      return `${algorithm}:${await this.#hexOf(algorithm)}`
    })
  }

  reset(): Promise<void> {
    return this.#run(async () => {
      this.#assertGrowing()
      await this.#settle()
      await this.#handle.truncate(0)
      this.#sizeBytes = 0
      this.#syncedBytes = 0
      this.#loss = undefined
      this.#hash = this.#newHash()
    })
  }

  commit(digest: Digest): Promise<StoredBlob> {
    return this.#run(async () => {
      this.#assertGrowing()
      const { algorithm, hex } = splitDigest(digest)
      const [hashed, synced] = await Promise.allSettled([this.#hexOf(algorithm), this.#syncAll()])
      if (hashed.status === "rejected") throw hashed.reason
      if (hashed.value !== hex) {
        throw new TransferError("digest_mismatch", `the bytes hash to ${algorithm}:${hashed.value}, not to ${digest}`)
      }
      if (synced.status === "rejected") throw synced.reason
      await this.#parts.claim.confirm()
      const path = this.#parts.layout.blob(digest)
      await this.#place(path)
      try {
        await syncDirectory(dirname(path))
      } finally {
        await this.#end()
      }
      return { digest, sizeBytes: this.#sizeBytes }
    })
  }

  close(): Promise<void> {
    return this.#run(() => this.#close(this.#loss !== undefined))
  }

  discard(): Promise<void> {
    return this.#run(() => this.#close(true))
  }

  #newHash(): RunningHash {
    return new RunningHash(this.#parts.threads, this.#handle.fd, this.#sizeBytes, this.#parts.algorithm)
  }

  /** One after the other, and what fails says at which file. */
  #run<T>(work: () => Promise<T>): Promise<T> {
    return this.#queue.run(work).catch((error: unknown) => Promise.reject(localIoError(error, this.#path)))
  }

  #assertGrowing(): void {
    if (this.#state !== "growing") throw new Error("it is closed")
    this.#parts.claim.assertHeld()
  }

  #hexOf(algorithm: "sha256" | "sha512"): Promise<string> {
    if (algorithm === this.#hash.algorithm) return this.#hash.digest()
    return this.#parts.threads.digest(this.#handle.fd, this.#sizeBytes, algorithm)
  }

  async #syncAll(): Promise<void> {
    await this.#syncing
    if (this.#syncedBytes < this.#sizeBytes) await this.#sync()
    // Where a sync has failed, the next one says that all is well.
    if (this.#loss) throw this.#loss.error
  }

  #sync(): Promise<void> {
    const reached = this.#sizeBytes
    this.#syncing = this.#handle
      .datasync()
      .then(
        () => {
          this.#syncedBytes = reached
        },
        (error: unknown) => {
          this.#loss ??= { error }
        },
      )
      .finally(() => {
        this.#syncing = undefined
      })
    return this.#syncing
  }

  /** Nothing but readers uses the file any more. */
  async #settle(): Promise<void> {
    await this.#hash.end()
    await this.#syncing
  }

  async #place(path: string): Promise<void> {
    await this.#parts.layout.makeDirectory(dirname(path))
    // One that is there may have rotted since it was stored, while these bytes were hashed just now; whoever reads it goes on reading its own file.
    await rename(this.#path, path)
    this.#parts.replaced(path)
  }

  /** The name is free for the next; the bytes can still be read. */
  async #end(): Promise<void> {
    if (this.#state !== "growing") return
    this.#state = "ended"
    await this.#settle()
    await this.#parts.claim.release()
    this.#parts.ended()
  }

  async #close(isUseless: boolean): Promise<void> {
    if (this.#state === "closed") return
    try {
      if (this.#state === "growing" && isUseless && !this.#parts.claim.isLost) await rm(this.#path, { force: true })
    } finally {
      await this.#end()
      this.#state = "closed"
      this.#parts.closed()
      await this.#handle.close()
    }
  }
}

/** What is left of the chunks when so many bytes are done. */
function after(chunks: readonly Buffer[], bytes: number): Buffer[] {
  const left: Buffer[] = []
  for (const chunk of chunks) {
    if (bytes < chunk.length) left.push(bytes > 0 ? chunk.subarray(bytes) : chunk)
    bytes = Math.max(0, bytes - chunk.length)
  }
  return left
}
