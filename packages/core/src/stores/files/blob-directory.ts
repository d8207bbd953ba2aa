import { lstat, mkdir, readdir, readFile, rename, rmdir, stat, unlink, utimes } from "node:fs/promises"
import { dirname, join } from "node:path"
import type { Descriptor } from "../../content/descriptor.ts"
import { type Digest, splitDigest } from "../../content/digest.ts"
import type { BlobBody, BlobRead, PutOptions, ReadRange } from "../../content/store.ts"
import { isTransferError, TransferError } from "../../errors/transfer-error.ts"
import { localIoError, systemCode } from "./local-io-error.ts"
import { isOwnerAlive, newOwner } from "./owner.ts"
import { readFileBytes } from "./read-file-bytes.ts"
import { syncDirectory, writeFileAtomically } from "./write-file-atomically.ts"
import { writeVerifiedFile } from "./write-verified-file.ts"

/** How a directory of blobs treats unfinished files. */
export interface BlobDirectoryOptions {
  /** Where unfinished files stand: on the same file system as the blobs. */
  readonly partialDirectory: string
  /** Keeps what an interrupted download has got, for whoever asks for the same blob next. Default false. */
  readonly keepPartials?: boolean
  /** False leaves out fsync, for directories that do not outlive the process. Default true. */
  readonly durable?: boolean
}

/** An unfinished file that nobody has touched for so long belongs to nobody: 2 hours (RELIABILITY, fault 44). */
const abandonedMs = 2 * 60 * 60 * 1000

/**
 * Blobs as files `blobs/<algorithm>/<hex>` under a root (image-spec, image-layout.md "Blobs"). Files are named by validated hex only, and a
 * file under its final name was complete and verified when it got that name. Safe with several processes at once.
 */
export class BlobDirectory {
  readonly #root: string
  readonly #partials: string
  readonly #keepPartials: boolean
  readonly #durable: boolean

  constructor(root: string, options: BlobDirectoryOptions) {
    this.#root = root
    this.#partials = options.partialDirectory
    this.#keepPartials = options.keepPartials ?? false
    this.#durable = options.durable ?? true
  }

  /** Where a blob stands, or would. @throws TransferError `protocol` for a digest that cannot be verified. */
  path(digest: Digest): string {
    const { algorithm, hex } = splitDigest(digest)
    return join(this.#root, "blobs", algorithm, hex)
  }

  /** Bytes of a blob's file, undefined where there is none. */
  async size(digest: Digest): Promise<number | undefined> {
    const path = this.path(digest)
    try {
      // Not through a link, which could lead out of a layout that somebody else made.
      const found = await lstat(path)
      return found.isFile() ? found.size : undefined
    } catch (error) {
      if (systemCode(error) === "ENOENT" || systemCode(error) === "ENOTDIR") return undefined
      throw localIoError(error, path)
    }
  }

  /** Whether the blob is there in its right size. Marks it as used, so that a cleaning process leaves it alone. */
  async has(blob: Descriptor): Promise<boolean> {
    if ((await this.size(blob.digest)) !== blob.size) return false
    const now = new Date()
    await utimes(this.path(blob.digest), now, now).catch(() => undefined)
    return true
  }

  /** @throws TransferError `not_found`, or `digest_mismatch` when the file's size is not the blob's. */
  async open(blob: Descriptor, range: ReadRange = {}, signal?: AbortSignal): Promise<BlobRead> {
    const path = this.path(blob.digest)
    const size = await this.size(blob.digest)
    if (size === undefined)
      throw new TransferError("not_found", `blob ${blob.digest} is not in ${this.#root}`, { host: this.#root })
    if (size !== blob.size) {
      throw new TransferError("digest_mismatch", `${path} has ${size} bytes, the blob has ${blob.size}`, {
        host: this.#root,
        hint: "the file is damaged: fetch the image again",
      })
    }
    const to = Math.min(range.to ?? size, size)
    const from = Math.min(range.from ?? 0, to)
    return { offset: from, bytes: readFileBytes(path, from, to, signal) }
  }

  /** A small blob whole. Undefined where there is none. @throws TransferError `too_large` over `limit` bytes. */
  async read(digest: Digest, limit: number): Promise<Buffer | undefined> {
    const size = await this.size(digest)
    if (size === undefined) return undefined
    if (size > limit) throw new TransferError("too_large", `blob ${digest} has ${size} bytes, more than ${limit}`)
    return readFile(this.path(digest)).catch((error: unknown) => Promise.reject(localIoError(error, this.path(digest))))
  }

  /** Stores bytes whose digest the caller has verified. */
  async write(digest: Digest, bytes: Buffer): Promise<void> {
    const path = this.path(digest)
    await this.#makeDirectory(dirname(path))
    await writeFileAtomically(path, bytes, { temporaryDirectory: this.#partials, durable: this.#durable })
  }

  /**
   * Stores a blob whole or not at all: an unfinished file, hashed, synced, renamed. Goes on where an abandoned unfinished file of the
   * same blob ends.
   * @throws TransferError `digest_mismatch`, `local_io`, `cancelled`, and what `body` throws.
   */
  async put(blob: Descriptor, body: BlobBody, options: PutOptions = {}): Promise<void> {
    if (await this.has(blob)) return
    const path = this.path(blob.digest)
    await this.#makeDirectory(dirname(path))
    const partial = join(this.#partials, `${this.#partialPrefix(blob.digest)}${newOwner()}`)
    const adopted = await this.#adopt(blob.digest, partial)
    try {
      try {
        await writeVerifiedFile(partial, blob, body, this.#durable, options)
      } catch (error) {
        // What an earlier run left may be wrong; what this run fetched is the source's own fault.
        if (!adopted || !isTransferError(error, "digest_mismatch")) throw error
        options.onLog?.(`what was left of ${blob.digest} is damaged: fetching it again`)
        await unlink(partial)
        await writeVerifiedFile(partial, blob, body, this.#durable, options)
      }
      await rename(partial, path)
      if (this.#durable) await syncDirectory(dirname(path))
    } catch (error) {
      const failure = localIoError(error, path)
      // A full disk needs the room, and wrong bytes are of no use.
      const isWorthKeeping = this.#keepPartials && failure.code !== "local_io" && failure.code !== "digest_mismatch"
      if (isWorthKeeping)
        await rename(partial, join(this.#partials, `${this.#partialPrefix(blob.digest)}free`)).catch(() => undefined)
      else await unlink(partial).catch(() => undefined)
      throw failure
    }
  }

  async delete(digest: Digest): Promise<void> {
    await unlink(this.path(digest)).catch((error: unknown) => {
      if (systemCode(error) !== "ENOENT") throw localIoError(error, this.path(digest))
    })
  }

  /** Every blob's digest with its file's size and modification time. Files that are not named by a digest are passed over. */
  async *list(): AsyncGenerator<{ digest: Digest; size: number; modifiedMs: number }> {
    for (const algorithm of ["sha256", "sha512"]) {
      for (const hex of await listNames(join(this.#root, "blobs", algorithm))) {
        const digest = `${algorithm}:${hex}`
        const found = await stat(join(this.#root, "blobs", algorithm, hex)).catch(() => undefined)
        if (found?.isFile() && isNamedByDigest(digest)) yield { digest, size: found.size, modifiedMs: found.mtimeMs }
      }
    }
  }

  /**
   * Removes unfinished files that nobody is writing any more; `olderThanMs` spares younger ones with which somebody could go on. Returns the
   * bytes freed.
   */
  async sweep(olderThanMs = 0): Promise<number> {
    let freed = 0
    for (const name of await listNames(this.#partials)) {
      const path = join(this.#partials, name)
      const found = await stat(path).catch(() => undefined)
      const spared = !name.endsWith(".tmp") && found !== undefined && Date.now() - found.mtimeMs < olderThanMs
      if (!found?.isFile() || spared || !isAbandoned(name, found.mtimeMs)) continue
      await unlink(path).then(
        () => (freed += found.size),
        () => undefined,
      )
    }
    await rmdir(this.#partials).catch(() => undefined)
    return freed
  }

  #partialPrefix(digest: Digest): string {
    return `${digest.replace(":", "-")}.`
  }

  /** Renaming is what takes an abandoned file over: of several who try, one succeeds. */
  async #adopt(digest: Digest, partial: string): Promise<boolean> {
    for (const name of await listNames(this.#partials)) {
      if (!name.startsWith(this.#partialPrefix(digest))) continue
      const path = join(this.#partials, name)
      const found = await stat(path).catch(() => undefined)
      if (found === undefined || !isAbandoned(name, found.mtimeMs)) continue
      const taken = await rename(path, partial).then(
        () => true,
        () => false,
      )
      if (taken) return true
    }
    return false
  }

  async #makeDirectory(directory: string): Promise<void> {
    await mkdir(directory, { recursive: true }).catch((error: unknown) => Promise.reject(localIoError(error, directory)))
  }
}

/** `<what>.<owner>` or `<what>.<owner>.tmp`; the owner `free` is nobody. */
function isAbandoned(name: string, modifiedMs: number): boolean {
  const owner =
    name
      .replace(/\.tmp$/, "")
      .split(".")
      .pop() ?? ""
  return owner === "free" || !isOwnerAlive(owner, modifiedMs, abandonedMs)
}

function isNamedByDigest(text: string): boolean {
  try {
    splitDigest(text)
    return true
  } catch {
    return false
  }
}

async function listNames(directory: string): Promise<string[]> {
  try {
    return await readdir(directory)
  } catch (error) {
    if (systemCode(error) === "ENOENT") return []
    throw localIoError(error, directory)
  }
}
