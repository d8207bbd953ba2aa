import { watch } from "node:fs"
import { join } from "node:path"

/** Of one editor's save, or of one branch changed. */
const settledMs = 300

/** Calls back, one call at a time, after sources of the server have changed. Pages are watched by Next. Returns how to stop. */
export function watchSources(repository: string, changed: () => Promise<void>): () => void {
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  const later = (name: string | null) => {
    if (name === null || !name.endsWith(".ts") || /\.(test|fixture)\.ts$/.test(name)) return
    clearTimeout(timer)
    timer = setTimeout(() => {
      running = running.then(changed).catch((error: unknown) => void process.stderr.write(`${String(error)}\n`))
    }, settledMs)
  }
  const folders = ["packages/core/src", "packages/db/src", "packages/server/src"].map((path) => join(repository, path))
  const watchers = [
    ...folders.map((folder) => watch(folder, { recursive: true }, (_, name) => later(name))),
    watch(join(repository, "apps/web/src"), (_, name) => later(name)),
  ]
  return () => {
    clearTimeout(timer)
    for (const watcher of watchers) watcher.close()
  }
}
