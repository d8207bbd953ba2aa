import { existsSync } from "node:fs"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { openDatabase } from "@entrepot/db"
import type { Configuration } from "../configuration/configuration.ts"

let empty: Promise<Buffer> | undefined

/** Puts a database file there that has its tables and nothing else, where none is yet: a copy, since to make the tables takes longer than most tests. */
export async function ensureDatabase(location: Configuration["database"]): Promise<void> {
  if (location.kind !== "sqlite" || existsSync(location.path)) return
  empty ??= makeEmpty()
  await writeFile(location.path, await empty)
}

async function makeEmpty(): Promise<Buffer> {
  const directory = await mkdtemp(join(tmpdir(), "entrepot-empty-"))
  const path = join(directory, "empty.db")
  try {
    await (await openDatabase({ kind: "sqlite", path })).close()
    return await readFile(path)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
