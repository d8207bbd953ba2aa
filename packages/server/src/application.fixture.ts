import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { readConfiguration } from "./configuration/read-configuration.ts"
import { ensureDatabase } from "./runtime/fresh-database.fixture.ts"
import { impatient, silentLog } from "./runtime/runtime-settings.fixture.ts"
import { type RunningServer, startServer } from "./start-server.ts"

/** The whole application on a port of its own, with a database of its own. */
export interface Application extends AsyncDisposable {
  readonly url: string
  readonly server: RunningServer
  /** A key of the administrator. */
  readonly token: string
  readonly dataDirectory: string
}

interface ApplicationOptions {
  /** Where it kept its data before; with `port`, the same application again. */
  readonly dataDirectory?: string
  readonly port?: number
}

/** Starts it with nothing configured but its place, and hands out a key. For the tests of whoever talks to it: client and command line. */
export async function startApplication({ dataDirectory, port = 0 }: ApplicationOptions = {}): Promise<Application> {
  const directory = dataDirectory ?? (await mkdtemp(join(tmpdir(), "entrepot-application-")))
  const variables = { DATA_DIR: directory, PORT: String(port), HOST: "127.0.0.1", ENTREPOT_LANG: "en" }
  const configuration = await readConfiguration(variables, { root: directory })
  await ensureDatabase(configuration.database)
  const { accounts: cheap } = impatient
  const server = await startServer(configuration, { log: silentLog, graceMs: 100, runtime: { accounts: cheap } })
  const { accounts } = server.runtime.services
  const [user] = await accounts.listUsers(administrator)
  const { secret } = await accounts.createKey(
    { ...administrator, userId: user?.id ?? 1 },
    { name: "test", scopes: ["jobs:write", "admin"], expiresAt: null },
  )
  return {
    url: server.url,
    server,
    token: secret,
    dataDirectory: directory,
    async [Symbol.asyncDispose]() {
      await server.close()
      if (dataDirectory === undefined) await rm(directory, { recursive: true, force: true })
    },
  }
}

const administrator = {
  userId: 1,
  name: "admin",
  role: "admin",
  via: "session",
  mustChange: false,
  credentialId: "test",
  address: "127.0.0.1",
} as const
