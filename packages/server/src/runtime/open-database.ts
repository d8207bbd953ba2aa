import { mkdir } from "node:fs/promises"
import { dirname } from "node:path"
import { openDatabase as open } from "@entrepot/db"
import type { Database } from "@entrepot/db/stores"
import type { Configuration } from "../configuration/configuration.ts"

/** Opens the configured database, and makes its directory, which nobody else may look into: passwords are not in it, but names are. */
export async function openDatabase({ database }: Pick<Configuration, "database">): Promise<Database> {
  if (database.kind === "sqlite") await mkdir(dirname(database.path), { recursive: true, mode: 0o700 })
  return open(database)
}
