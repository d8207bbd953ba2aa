import { accessSync, constants } from "node:fs"
import { delimiter, join } from "node:path"

/** The path of an executable on PATH (and in the sbin directories, where daemons live), or undefined. */
export function which(tool: string): string | undefined {
  const directories = [...(process.env.PATH ?? "").split(delimiter), "/usr/local/sbin", "/usr/sbin", "/sbin"]
  for (const directory of directories) {
    if (directory === "") continue
    const path = join(directory, tool)
    try {
      accessSync(path, constants.X_OK)
      return path
    } catch {}
  }
  return undefined
}
