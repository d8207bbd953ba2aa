import { type FileHandle, mkdir, open } from "node:fs/promises"
import { join } from "node:path"
import { systemCode } from "./local-io-error.ts"

/** Opens a file in a directory that is made where it is missing, also when another process tidies it away at the same moment. */
export async function openInDirectory(directory: string, name: string, flags: string): Promise<FileHandle> {
  for (let attempt = 1; ; attempt++) {
    try {
      await mkdir(directory, { recursive: true })
      return await open(join(directory, name), flags)
    } catch (error) {
      if (systemCode(error) !== "ENOENT" || attempt === 10) throw error
    }
  }
}
