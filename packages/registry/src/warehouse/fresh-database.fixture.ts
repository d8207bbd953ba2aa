import { existsSync } from "node:fs"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Database, openDatabase } from "@entrepot/db"

let empty: Promise<Buffer> | undefined

/** Opens a database file. A new one is a copy of one that was made once in this process: all its tables take longer than most tests. */
export async function freshDatabase(path: string): Promise<Database> {
  if (!existsSync(path)) {
    empty ??= makeEmpty()
    await writeFile(path, await empty)
  }
  return await openDatabase({ kind: "sqlite", path })
}

async function makeEmpty(): Promise<Buffer> {
  const directory = await mkdtemp(join(tmpdir(), "entrepot-empty-"))
  const path = join(directory, "empty.db")
  try {
    const database = await openDatabase({ kind: "sqlite", path })
    await database.close()
    return await readFile(path)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}
