import { readdir, stat, unlink, utimes, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { TransferError } from "../../errors/transfer-error.ts"
import { localIoError, systemCode, throwIfCancelled } from "./local-io-error.ts"
import { isOwnerAlive, newOwner } from "./owner.ts"

/** How long a lock waits, and for whom. */
export interface FileLockOptions {
  readonly signal?: AbortSignal | undefined
  /** How long to wait for the others. Default 60,000. */
  readonly timeoutMs?: number
  /** A claim untouched for so long is abandoned; its holder touches it four times as often. Default 20,000. */
  readonly staleMs?: number
}

/**
 * Runs `work` while no other process (or call) that locks `name` in `directory` does. The claims of dead processes are removed.
 * @throws TransferError `local_io` when the others do not let go in time, `cancelled`.
 */
export async function withFileLock<T>(
  directory: string,
  name: string,
  work: () => Promise<T>,
  options: FileLockOptions = {},
): Promise<T> {
  const staleMs = options.staleMs ?? 20_000
  const claim = await acquire(directory, `.${name}.lock-`, staleMs, options)
  const heartbeat = setInterval(() => {
    const now = new Date()
    utimes(claim, now, now).catch(() => undefined)
  }, staleMs / 4)
  heartbeat.unref()
  try {
    return await work()
  } finally {
    clearInterval(heartbeat)
    await unlink(claim).catch(() => undefined)
  }
}

async function acquire(directory: string, prefix: string, staleMs: number, options: FileLockOptions): Promise<string> {
  const deadline = Date.now() + (options.timeoutMs ?? 60_000)
  for (let round = 0; ; round++) {
    throwIfCancelled(options.signal)
    if ((await liveClaims(directory, prefix, staleMs)).length === 0) {
      // Every claim has a name of its own, so that removing a dead one can never remove a new one. Whoever sees nobody else after
      // claiming holds the lock; two who see each other both withdraw.
      const name = `${prefix}${newOwner()}`
      const path = join(directory, name)
      await writeFile(path, "", { flag: "wx" }).catch((error: unknown) => Promise.reject(localIoError(error, path)))
      if ((await liveClaims(directory, prefix, staleMs)).every((other) => other === name)) return path
      await unlink(path).catch(() => undefined)
    }
    if (Date.now() > deadline) {
      throw new TransferError("local_io", `another process keeps ${directory} locked`, {
        host: directory,
        hint: "wait until it is done and try again",
      })
    }
    await delay(Math.random() * Math.min(5 + round * 5, 50))
  }
}

async function liveClaims(directory: string, prefix: string, staleMs: number): Promise<string[]> {
  const names = await readdir(directory).catch((error: unknown) => Promise.reject(localIoError(error, directory)))
  const live: string[] = []
  for (const name of names) {
    if (!name.startsWith(prefix)) continue
    const path = join(directory, name)
    try {
      if (isOwnerAlive(name.slice(prefix.length), (await stat(path)).mtimeMs, staleMs)) live.push(name)
      else await unlink(path)
    } catch (error) {
      if (systemCode(error) !== "ENOENT") throw localIoError(error, path)
    }
  }
  return live
}
