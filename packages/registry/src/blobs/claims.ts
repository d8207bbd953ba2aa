import { readdir, stat, unlink, utimes, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { isOwnerAlive, localIoError, newOwner, systemCode, TransferError } from "@entrepot/core"

/** A claim untouched for so long is abandoned whoever made it; holders touch theirs four times as often. */
const staleMs = 20_000

/** What one process holds against others. */
export interface Claim {
  /** @throws TransferError `local_io` when it was taken away: this process stood still for too long. */
  confirm(): Promise<void>
  release(): Promise<void>
}

/**
 * Names held against other processes: an empty file `<name>.<owner>` each. Every claim has a file of its own, so that removing a dead process's can
 * never remove a new one. Whoever sees no other after claiming holds the name; two who see each other both withdraw, and try again a little later.
 */
export class Claims {
  readonly #directory: string
  readonly #held = new Set<string>()
  #heartbeat: NodeJS.Timeout | undefined

  constructor(directory: string) {
    this.#directory = directory
  }

  /** Undefined when a living process holds it. @throws TransferError `local_io`. */
  async take(name: string, patienceMs: number): Promise<Claim | undefined> {
    const deadline = Date.now() + patienceMs
    for (;;) {
      const file = `${name}.${newOwner()}`
      const path = join(this.#directory, file)
      try {
        await writeFile(path, "", { flag: "wx", mode: 0o600 })
        if ((await this.#living(name)).every((other) => other === file)) return this.#hold(path)
        await unlink(path)
      } catch (error) {
        await unlink(path).catch(() => undefined)
        throw localIoError(error, path)
      }
      if (Date.now() >= deadline) return undefined
      await delay(5 + Math.random() * 40)
    }
  }

  /** Whether a living process holds it. */
  async isHeld(name: string): Promise<boolean> {
    return (await this.#living(name)).length > 0
  }

  /** Removes what dead processes left. */
  async sweep(): Promise<void> {
    await this.#living(undefined)
  }

  close(): void {
    clearInterval(this.#heartbeat)
    this.#heartbeat = undefined
  }

  #hold(path: string): Claim {
    this.#held.add(path)
    this.#heartbeat ??= setInterval(() => {
      const now = new Date()
      for (const held of this.#held) utimes(held, now, now).catch(() => undefined)
    }, staleMs / 4).unref()
    return {
      confirm: async () => {
        const now = new Date()
        await utimes(path, now, now).catch((error: unknown) => {
          if (systemCode(error) !== "ENOENT") throw localIoError(error, path)
          throw new TransferError("local_io", `another process has taken over ${path}`, { host: this.#directory, cause: error })
        })
      },
      release: async () => {
        this.#held.delete(path)
        if (this.#held.size === 0) this.close()
        await unlink(path).catch(() => undefined)
      },
    }
  }

  /** Claims of living processes on the name, or on any. */
  async #living(name: string | undefined): Promise<string[]> {
    const files = await readdir(this.#directory).catch((error: unknown) => Promise.reject(localIoError(error, this.#directory)))
    const living: string[] = []
    for (const file of files) {
      const [claimed, owner = ""] = file.split(".")
      if (name !== undefined && claimed !== name) continue
      const path = join(this.#directory, file)
      try {
        if (isOwnerAlive(owner, (await stat(path)).mtimeMs, staleMs)) living.push(file)
        else await unlink(path)
      } catch (error) {
        if (systemCode(error) !== "ENOENT") throw localIoError(error, path)
      }
    }
    return living
  }
}
