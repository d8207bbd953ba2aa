import { statfs } from "node:fs/promises"

/** What this process may still write on the disk of that directory, bytes; null where the system does not say. */
export async function freeBytes(directory: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(directory)
    return bavail * bsize
  } catch {
    return null
  }
}
