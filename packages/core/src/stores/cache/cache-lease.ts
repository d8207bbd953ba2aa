import { mkdir, open, readdir, stat, unlink, utimes } from "node:fs/promises"
import { join } from "node:path"
import { withFileLock } from "../files/file-lock.ts"
import { localIoError, systemCode } from "../files/local-io-error.ts"
import { isOwnerAlive, newOwner } from "../files/owner.ts"

/** A writer whose lease has not been touched for so long is gone: 2 hours (RELIABILITY, fault 44). */
const staleMs = 2 * 60 * 60 * 1000

/** Files are stamped by a coarser clock than ours, which may be behind. */
const stampLagMs = 1_000

const prefix = ".writer-"

/** Says that somebody is filling the cache: what was put or asked for since then is not cleaned away. */
export class CacheLease {
  readonly #path: string
  readonly #heartbeat: NodeJS.Timeout

  private constructor(path: string) {
    this.#path = path
    this.#heartbeat = setInterval(() => {
      const now = new Date()
      utimes(path, now, now).catch(() => undefined)
    }, staleMs / 8)
    this.#heartbeat.unref()
  }

  /** Takes the index lock, so that a cleaning either sees this lease or is over. */
  static async take(directory: string, signal?: AbortSignal): Promise<CacheLease> {
    const path = join(directory, `${prefix}${(Date.now() - stampLagMs).toString(36)}.${newOwner()}`)
    try {
      await mkdir(directory, { recursive: true })
      const begin = async () => {
        await earliestLease(directory)
        await (await open(path, "wx")).close()
      }
      await withFileLock(directory, "index.json", begin, { signal })
    } catch (error) {
      throw localIoError(error, directory)
    }
    return new CacheLease(path)
  }

  async release(): Promise<void> {
    clearInterval(this.#heartbeat)
    await unlink(this.#path).catch(() => undefined)
  }
}

/**
 * When the writer that has been at work longest began, in milliseconds since 1970; undefined where nobody is at work. Leases of dead processes are
 * removed. Call under the index lock.
 */
export async function earliestLease(directory: string): Promise<number | undefined> {
  let earliest: number | undefined
  for (const name of await readdir(directory)) {
    if (!name.startsWith(prefix)) continue
    const [start = "", owner = ""] = name.slice(prefix.length).split(".")
    const path = join(directory, name)
    try {
      if (isOwnerAlive(owner, (await stat(path)).mtimeMs, staleMs))
        earliest = Math.min(earliest ?? Infinity, Number.parseInt(start, 36))
      else await unlink(path)
    } catch (error) {
      if (systemCode(error) !== "ENOENT") throw localIoError(error, path)
    }
  }
  return earliest
}
