import { lstat, open, readdir, rename, unlink } from "node:fs/promises"
import { availableParallelism } from "node:os"
import { dirname, join } from "node:path"
import {
  type ByteStream,
  type Digest,
  localIoError,
  type ReadRange,
  splitDigest,
  syncDirectory,
  systemCode,
  TransferError,
  throwIfCancelled,
} from "@entrepot/core"
import type { BlobStore, PartialBlob, PartialOptions, StoredBlob } from "./blob-store.ts"
import { type Claim, Claims } from "./claims.ts"
import { DiskLayout } from "./disk-layout.ts"
import { DiskPartial } from "./disk-partial.ts"
import { DiskStream } from "./disk-stream.ts"
import { HashThreads } from "./hash-threads.ts"
import { OpenFiles } from "./open-files.ts"
import { ReadBuffers } from "./read-buffers.ts"
import { Turns } from "./turns.ts"

export interface DiskBlobStoreOptions {
  /** Made where it is missing, readable for nobody else. Everything below it is one file system. */
  readonly directory: string
  /** Milliseconds since the epoch. Default: the system's. */
  readonly now?: () => number
  /** Threads that hash what is large. Default: one less than there are processors, at least 1, at most 4. */
  readonly hashThreads?: number
  /** Memory for reading, all readers together. Default 64 MiB. */
  readonly readBudgetBytes?: number
  /** How long `openPartial` waits for another process to let go. Default 1,000. */
  readonly patienceMs?: number
}

/** Opens blobs as files of a directory. Safe with several processes at once. @throws TransferError `local_io`. */
export async function createDiskBlobStore(options: DiskBlobStoreOptions): Promise<BlobStore> {
  const layout = new DiskLayout(options.directory)
  await layout.make()
  return new DiskBlobStore(layout, options)
}

class DiskBlobStore implements BlobStore {
  readonly #layout: DiskLayout
  readonly #now: () => number
  readonly #patienceMs: number
  readonly #threads: HashThreads
  readonly #buffers: ReadBuffers
  readonly #files = new OpenFiles()
  readonly #turns = new Turns()
  readonly #claims: Claims
  readonly #partials = new Set<DiskPartial>()
  #isClosed = false

  constructor(layout: DiskLayout, options: DiskBlobStoreOptions) {
    this.#layout = layout
    this.#now = options.now ?? Date.now
    this.#patienceMs = options.patienceMs ?? 1000
    this.#threads = new HashThreads(options.hashThreads ?? Math.max(1, Math.min(4, availableParallelism() - 1)))
    this.#buffers = new ReadBuffers(options.readBudgetBytes ?? 64 * 1024 * 1024)
    this.#claims = new Claims(layout.claims)
  }

  async stat(digest: Digest): Promise<StoredBlob | undefined> {
    const found = await statFile(this.#layout.blob(digest))
    return found && { digest, sizeBytes: found.size }
  }

  async read(digest: Digest, range: ReadRange = {}, signal?: AbortSignal): Promise<ByteStream> {
    throwIfCancelled(signal)
    const file = await this.#files.open(this.#layout.blob(digest))
    if (file === undefined) {
      throw new TransferError("not_found", `blob ${digest} is not in ${this.#layout.root}`, { host: this.#layout.root })
    }
    return new DiskStream(file, range, this.#buffers, signal)
  }

  locationOf(digest: Digest): string {
    return this.#layout.location(digest)
  }

  async openPartial(name: string, options: PartialOptions = {}): Promise<PartialBlob> {
    const path = this.#layout.partial(name)
    const letGo = await this.#turns.take(name, options.signal)
    let claim: Claim | undefined
    try {
      this.#assertOpen()
      claim = await this.#claims.take(name, this.#patienceMs)
      if (claim === undefined)
        throw new TransferError("local_io", `another process is writing ${path}`, { host: this.#layout.root })
      const partial: DiskPartial = await DiskPartial.open({
        name,
        layout: this.#layout,
        threads: this.#threads,
        claim,
        algorithm: options.algorithm ?? "sha256",
        replaced: (blob) => this.#files.forget(blob),
        ended: letGo,
        closed: () => this.#partials.delete(partial),
      })
      this.#partials.add(partial)
      // The store may have been closed meanwhile, and did not know of this one.
      if (this.#isClosed) await partial.close()
      this.#assertOpen()
      return partial
    } catch (error) {
      await claim?.release()
      letGo()
      throw error
    }
  }

  async statPartial(name: string) {
    const found = await statFile(this.#layout.partial(name))
    return found && { sizeBytes: found.size, modifiedAt: found.mtimeMs }
  }

  async delete(digest: Digest): Promise<void> {
    const path = this.#layout.blob(digest)
    await removeFile(path)
    this.#files.forget(path)
  }

  async quarantine(digest: Digest): Promise<void> {
    const path = this.#layout.blob(digest)
    try {
      await rename(path, this.#layout.quarantined(digest))
      this.#files.forget(path)
      await syncDirectory(dirname(path))
    } catch (error) {
      if (systemCode(error) !== "ENOENT" || (await statFile(path))) throw localIoError(error, path)
    }
  }

  async verify(digest: Digest, signal?: AbortSignal): Promise<boolean | undefined> {
    throwIfCancelled(signal)
    const { algorithm, hex } = splitDigest(digest)
    const path = this.#layout.blob(digest)
    try {
      const handle = await open(path, "r")
      try {
        return (await this.#threads.digest(handle.fd, (await handle.stat()).size, algorithm, signal)) === hex
      } finally {
        await handle.close()
      }
    } catch (error) {
      if (systemCode(error) === "ENOENT") return undefined
      throw localIoError(error, path)
    }
  }

  async *list(): AsyncGenerator<StoredBlob & { readonly modifiedAt: number }> {
    for (const algorithm of ["sha256", "sha512"]) {
      const directory = join(this.#layout.blobs, algorithm)
      for (const fan of await namesIn(directory)) {
        for (const hex of await namesIn(join(directory, fan))) {
          const digest = this.#layout.digestOf(algorithm, fan, hex)
          const found = digest && (await statFile(join(directory, fan, hex)))
          if (found) yield { digest, sizeBytes: found.size, modifiedAt: found.mtimeMs }
        }
      }
    }
  }

  async sweep(olderThanMs: number): Promise<number> {
    await this.#claims.sweep()
    let freed = 0
    for (const name of await namesIn(this.#layout.partials)) {
      if (this.#layout.isPartialName(name) && !this.#turns.isHeld(name)) freed += await this.#sweepPartial(name, olderThanMs)
    }
    return freed
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await Promise.allSettled([...this.#partials].map((partial) => partial.close()))
    this.#files.close()
    await this.#threads.close()
  }

  #assertOpen(): void {
    if (this.#isClosed) throw new TransferError("local_io", `${this.#layout.root} is closed`, { host: this.#layout.root })
  }

  async #sweepPartial(name: string, olderThanMs: number): Promise<number> {
    const path = this.#layout.partial(name)
    const isOld = async () => {
      const found = await statFile(path)
      return found !== undefined && this.#now() - found.mtimeMs >= olderThanMs ? found : undefined
    }
    if ((await isOld()) === undefined) return 0
    const letGo = await this.#turns.take(name)
    try {
      const claim = await this.#claims.take(name, 0)
      if (claim === undefined) return 0
      try {
        const found = await isOld()
        if (found === undefined) return 0
        await removeFile(path)
        return found.size
      } finally {
        await claim.release()
      }
    } finally {
      letGo()
    }
  }
}

async function statFile(path: string) {
  try {
    const found = await lstat(path)
    return found.isFile() ? found : undefined
  } catch (error) {
    if (systemCode(error) === "ENOENT" || systemCode(error) === "ENOTDIR") return undefined
    throw localIoError(error, path)
  }
}

async function removeFile(path: string): Promise<void> {
  await unlink(path).catch((error: unknown) => {
    if (systemCode(error) !== "ENOENT") throw localIoError(error, path)
  })
}

async function namesIn(directory: string): Promise<string[]> {
  try {
    return await readdir(directory)
  } catch (error) {
    if (systemCode(error) === "ENOENT" || systemCode(error) === "ENOTDIR") return []
    throw localIoError(error, directory)
  }
}
