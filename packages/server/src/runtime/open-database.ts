import { mkdir } from "node:fs/promises"
import { dirname } from "node:path"
import { openDatabase as open } from "@entrepot/db"
import type { Database } from "@entrepot/db/stores"
import type { Configuration } from "../configuration/configuration.ts"
import { ServiceError } from "../errors/service-error.ts"

/**
 * Opens the configured database, and makes its directory, which nobody else may look into: passwords are not in it, but names are.
 * @throws ServiceError `unavailable` where the driver was not compiled when it was installed.
 */
export async function openDatabase({ database }: Pick<Configuration, "database">): Promise<Database> {
  if (database.kind === "sqlite") await mkdir(dirname(database.path), { recursive: true, mode: 0o700 })
  try {
    return await open(database)
  } catch (error) {
    if (!(error instanceof Error && error.message.startsWith("Could not locate the bindings file"))) throw error
    throw new ServiceError(
      "unavailable",
      "SQLite's driver is not compiled: see why `npx -y pnpm@12 rebuild better-sqlite3` fails",
      {
        cause: error,
      },
    )
  }
}
