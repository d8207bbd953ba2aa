import { join } from "node:path"
import type { Role } from "@entrepot/db/stores"
import type { Actor } from "../accounts/actor.ts"
import type { Configuration } from "../configuration/configuration.ts"
import type { RuntimeOptions } from "./create-runtime.ts"
import type { Log, Runtime } from "./runtime.ts"

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} }

export function testConfiguration(directory: string, jobs: Partial<Configuration["jobs"]> = {}): Configuration {
  return {
    listen: { host: "127.0.0.1", port: 8080 },
    publicUrl: undefined,
    trustedProxies: [],
    dataDirectory: directory,
    database: { kind: "sqlite", path: join(directory, "entrepot.db") },
    logLevel: "silent",
    accounts: {
      defaultToken: "docker-transformer",
      setupCode: undefined,
      serverSecrets: [Buffer.alloc(32, 1)],
      masterKeys: [Buffer.alloc(32, 2)],
    },
    jobs: { concurrency: 4, perOwner: undefined, limitRate: undefined, keepDays: undefined, defaultTarget: undefined, ...jobs },
    streams: { perCredential: 5, total: 500 },
    hosts: {},
    proxyVariables: {},
    registry: {
      upstream: undefined,
      self: undefined,
      service: "docker-image-proxy",
      accounts: [],
      skipAuthProxy: false,
      anonymous: "auto",
      blobDirectory: join(directory, "registry"),
      quotaBytes: undefined,
      tagLifetimeMs: 60_000,
      sendfile: undefined,
      accessLogDays: 30,
    },
    docker: {},
    locale: "en",
    warnings: [],
  }
}

/** Settings with which failures are found out in milliseconds. */
export const impatient = {
  http: { retry: { attempts: 2, minMs: 1, maxMs: 5 } },
  session: { retryMinMs: 1, retryMaxMs: 5 },
  accounts: { cost: { n: 2 ** 10, r: 8, p: 1 } },
} as const satisfies Partial<RuntimeOptions>

/** A user with that role, logged in. */
export async function testActor(
  { database }: Pick<Runtime, "database">,
  role: Role = "operator",
  name: string = role,
): Promise<Actor> {
  const user =
    (await database.users.byName(name)) ?? (await database.users.create({ name, role, passwordHash: null }, Date.now()))
  return { userId: user.id, name, role, via: "session", mustChange: false, credentialId: name, address: "127.0.0.1" }
}
