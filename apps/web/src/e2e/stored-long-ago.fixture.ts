import { createLog, readConfiguration, startServer } from "@entrepot/server"
import { RegistryClient, type TestImage } from "@entrepot/testing"
import { ownToken } from "./site.fixture.ts"

interface StoredLongAgo {
  /** Private ones, made here; each holds its image under `old:1`. */
  readonly projects: Readonly<Record<string, TestImage>>
  /** Since then, milliseconds. */
  readonly agoMs: number
}

/**
 * Fills the registry of a data directory that no application has open, as if that had been done some time ago. Returns what the administrator pushes and
 * pulls with, as `user:password`, then as now.
 */
export async function storeLongAgo(dataDirectory: string, { projects, agoMs }: StoredLongAgo): Promise<string> {
  const variables = { PORT: "0", DATA_DIR: dataDirectory, DEFAULT_TOKEN: ownToken }
  const configuration = await readConfiguration(variables, { root: dataDirectory })
  const log = createLog({ level: "silent", write: () => undefined })
  const server = await startServer(configuration, { log, graceMs: 100, runtime: { now: () => Date.now() - agoMs } })
  try {
    const { accounts, projects: service } = server.runtime.services
    const person = {
      userId: 1,
      name: "admin",
      role: "admin",
      via: "terminal",
      mustChange: false,
      credentialId: "",
      address: "",
    } as const
    const { secret } = await accounts.createKey(person, { name: "push", scopes: ["pull", "push"], expiresAt: null })
    const login = `${person.name}:${secret}`
    const client = new RegistryClient({ origin: server.url, authorization: () => basicOf(login) })
    for (const [name, image] of Object.entries(projects)) {
      await service.create(person, { name })
      await client.push(`${name}/old:1`, image)
    }
    return login
  } finally {
    await server.close()
  }
}

/** The Authorization header of HTTP Basic. */
export function basicOf(login: string): string {
  return `Basic ${Buffer.from(login).toString("base64")}`
}
