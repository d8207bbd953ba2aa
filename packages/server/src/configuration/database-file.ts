import { join, resolve } from "node:path"
import type { Configuration } from "./configuration.ts"

/** SQLite's file: the one named, else `proxy.db` in the data directory. */
export function databaseFile(path: string | undefined, root: string, dataDirectory: string): Configuration["database"] {
  return { kind: "sqlite", path: path === undefined ? join(dataDirectory, "proxy.db") : resolve(root, path) }
}
