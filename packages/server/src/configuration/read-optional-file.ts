import { readFile } from "node:fs/promises"

/** The text of a file that need not exist. One that exists and cannot be read is added to the problems. */
export async function readOptionalFile(path: string, problems: string[]): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8")
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error)
    if (code !== "ENOENT" && code !== "ENOTDIR") problems.push(`${path} cannot be read (${code})`)
    return undefined
  }
}
