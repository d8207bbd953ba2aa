import { readdir, stat, unlink, utimes, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { isOwnerAlive, localIoError, newOwner, systemCode, TransferError } from "@entrepot/core"

/** A claim untouched for so long is abandoned whoever made it; holders touch theirs four times as often. */
const staleMs = 20_000

/** What one process holds against others. */
export interface Claim {
  /** It was taken away, since this process stood still for too long, as far as is known. */
  readonly isLost: boolean
  /** @throws TransferError `local_io` when it is known to be lost. */
  assertHeld(): void
  /** Looks again. @throws TransferError `local_io` when it is lost. */
  confirm(): Promise<void>
  release(): Promise<void>
}

class HeldFile implements Claim {
  readonly #path: string
  readonly #released: () => void
  #isLost = false

  constructor(path: string, released: () => void) {
    this.#path = path
    this.#released = released
  }

  get isLost(): boolean {
    return this.#isLost
  }

  assertHeld(): void {
    if (this.#isLost) throw new TransferError("local_io", `another process has taken ${this.#path} away`, { host: this.#path })
  }

  async confirm(): Promise<void> {
    await this.touch()
    this.assertHeld()
  }

  async touch(): Promise<void> {
    const now = new Date()
    await utimes(this.#path, now, now).catch((error: unknown) => {
      if (systemCode(error) === "ENOENT") this.#isLost = true
      else throw localIoError(error, this.#path)
    })
  }

  async release(): Promise<void> {
    this.#released()
    await unlink(this.#path).catch(() => undefined)
  }
}

/**
 * Names held against other processes: an empty file `<name>.<owner>` each. Every claim has a file of its own, so that removing a dead process's can
 * never remove a new one. Whoever sees no other after claiming holds the name; two who see each other both withdraw, and try again a little later.
 */
export class Claims {
  readonly #directory: string
  readonly #held = new Set<HeldFile>()
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

  /** Removes what dead processes left. */
  async sweep(): Promise<void> {
    await this.#living(undefined)
  }

  #hold(path: string): Claim {
    const claim = new HeldFile(path, () => {
      this.#held.delete(claim)
      if (this.#held.size === 0) this.#rest()
    })
    this.#held.add(claim)
    this.#heartbeat ??= setInterval(() => {
      for (const held of this.#held) held.touch().catch(() => undefined)
    }, staleMs / 4).unref()
    return claim
  }

  #rest(): void {
    clearInterval(this.#heartbeat)
    this.#heartbeat = undefined
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
