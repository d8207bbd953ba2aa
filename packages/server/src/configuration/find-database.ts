import type { Configuration } from "./configuration.ts"
import { databaseFile } from "./database-file.ts"
import { readSettingFiles } from "./read-setting-files.ts"

/**
 * Where the database is, for a command that needs nothing else of the configuration and must not take long to start: everything is read and checked,
 * as `readConfiguration` does, only where the place cannot be told without.
 * @throws ServiceError `invalid` as `readConfiguration` does.
 */
export async function findDatabase(
  variables: Readonly<Record<string, string | undefined>>,
  { root }: { readonly root: string },
): Promise<Configuration["database"]> {
  const problems: string[] = []
  const { all, dataDirectory, text } = await readSettingFiles(variables, root, problems)
  const path = all.DB_PATH?.trim()
  if (problems.length === 0 && text === undefined && !all.DATABASE_URL && !all.DATABASE_URL_FILE && path !== "") {
    return databaseFile(path, root, dataDirectory)
  }
  const { readConfiguration } = await import("./read-configuration.ts")
  return (await readConfiguration(variables, { root })).database
}
