import { createLog, readConfiguration, startServer } from "@entrepot/server"
import { ownToken } from "./site.fixture.ts"

/** What a database keeps, by kind. */
export type Stores = Awaited<ReturnType<typeof startServer>>["runtime"]["database"]

/** Fills the database of a data directory that no application has open. */
export async function fillStores(dataDirectory: string, fill: (stores: Stores) => Promise<void>): Promise<void> {
  const configuration = await readConfiguration(
    { PORT: "0", DATA_DIR: dataDirectory, DEFAULT_TOKEN: ownToken },
    { root: dataDirectory },
  )
  const log = createLog({ level: "silent", write: () => undefined })
  const server = await startServer(configuration, { log, graceMs: 100 })
  try {
    await fill(server.runtime.database)
  } finally {
    await server.close()
  }
}
