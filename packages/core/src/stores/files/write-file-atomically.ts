import { open, rename, unlink } from "node:fs/promises"
import { basename, dirname, join } from "node:path"
import { localIoError, systemCode } from "./local-io-error.ts"
import { openInDirectory } from "./open-in-directory.ts"
import { newOwner } from "./owner.ts"

/** How a file is replaced. */
export interface AtomicWriteOptions {
  /** Where the unfinished file stands: on the same file system. Created where missing. */
  readonly temporaryDirectory: string
  /** False leaves out fsync, for files that do not outlive the process. Default true. */
  readonly durable?: boolean
}

/**
 * Replaces a file whole: readers see the old bytes or the new ones, also after a power cut.
 * @throws TransferError `local_io`.
 */
export async function writeFileAtomically(path: string, bytes: Uint8Array, options: AtomicWriteOptions): Promise<void> {
  const name = `${basename(path)}.${newOwner()}.tmp`
  const temporary = join(options.temporaryDirectory, name)
  try {
    const handle = await openInDirectory(options.temporaryDirectory, name, "wx")
    try {
      await handle.writeFile(bytes)
      if (options.durable !== false) await handle.datasync()
    } finally {
      await handle.close()
    }
    await rename(temporary, path)
    if (options.durable !== false) await syncDirectory(dirname(path))
  } catch (error) {
    await unlink(temporary).catch(() => undefined)
    throw localIoError(error, path)
  }
}

/** Makes renames in a directory survive a power cut, where the file system can. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r")
  try {
    await handle.sync()
  } catch (error) {
    const code = systemCode(error)
    if (code !== "EINVAL" && code !== "EPERM" && code !== "ENOTSUP") throw error
  } finally {
    await handle.close()
  }
}
