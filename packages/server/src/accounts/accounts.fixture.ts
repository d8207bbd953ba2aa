import { randomBytes } from "node:crypto"
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Database, openDatabase, type Role } from "@entrepot/db"
import type { Configuration } from "../configuration/configuration.ts"
import { ensureDatabase } from "../runtime/fresh-database.fixture.ts"
import type { Log } from "../runtime/runtime.ts"
import type { AccountService } from "./account-service.ts"
import type { Actor } from "./actor.ts"
import { createAccountService } from "./create-account-service.ts"
import { type Derive, deriveByScrypt } from "./password-hash.ts"

/** A database file of its own, and everything that was logged, in one text. */
export interface TestStores extends AsyncDisposable {
  readonly stores: Database
  readonly path: string
  readonly log: Log
  logged(): string
  /** Bytes of every file of the database. */
  fileBytes(): Promise<Buffer>
}

interface TestAccounts extends TestStores {
  readonly accounts: AccountService
  /** Milliseconds since 1970; tests move it. */
  readonly clock: { now: number }
  /** How often a password was derived. */
  readonly work: { derived: number }
  /** Another process on the same database: other memory, same clock. */
  another(settings?: Partial<Configuration["accounts"]>, derive?: Derive): AccountService
  /** The first user, with a token of its own: `own token 123`. */
  admin(): Promise<Actor>
  /** Somebody with that role, who is logged in with `password of NAME`. */
  person(name: string, role: Role): Promise<Actor>
}

export const ownToken = "own token 123"
export const origin = { address: "192.0.2.1" }

export async function openTestStores(): Promise<TestStores> {
  const directory = await mkdtemp(join(tmpdir(), "entrepot-"))
  const path = join(directory, "entrepot.db")
  const location = { kind: "sqlite", path } as const
  await ensureDatabase(location)
  const stores = await openDatabase(location)
  const lines: string[] = []
  const write = (fields: object, message: string) => {
    lines.push(`${JSON.stringify(fields)} ${message}`)
  }
  return {
    stores,
    path,
    log: { debug: write, info: write, warn: write, error: write },
    logged: () => lines.join("\n"),
    fileBytes: async () => {
      const names = await readdir(directory)
      return Buffer.concat(await Promise.all(names.map((name) => readFile(join(directory, name)))))
    },
    [Symbol.asyncDispose]: async () => {
      await stores.close()
      await rm(directory, { recursive: true })
    },
  }
}

/** An account service over a real database, with a cheap hash and a clock that stands. */
export async function openTestAccounts(settings: Partial<Configuration["accounts"]> = {}): Promise<TestAccounts> {
  const base = await openTestStores()
  const clock = { now: Date.parse("2026-11-21T12:00:00Z") }
  const work = { derived: 0 }
  const serverSecrets = [randomBytes(32)]
  const another: TestAccounts["another"] = (others = {}, derive = deriveByScrypt) =>
    createAccountService({
      stores: base.stores,
      settings: {
        defaultToken: "docker-transformer",
        setupCode: undefined,
        serverSecrets,
        masterKeys: [],
        ...settings,
        ...others,
      },
      log: base.log,
      now: () => clock.now,
      cost: { n: 16, r: 1, p: 1 },
      derive: (...input) => {
        work.derived++
        return derive(...input)
      },
    })
  const accounts = another()
  await accounts.initialise()
  const admin = async () => {
    const { actor } = await accounts.loginWithToken("docker-transformer", origin)
    return (await accounts.changeToken(actor, ownToken)).actor
  }
  const person = async (name: string, role: Role) => {
    const first = await base.stores.users.byName("admin")
    const terminal: Actor = {
      userId: first?.id ?? 0,
      name: "admin",
      role: "admin",
      via: "terminal",
      mustChange: false,
      credentialId: "",
      address: "",
    }
    await accounts.createUser(terminal, { name, role, password: `password of ${name}` })
    return (await accounts.loginWithPassword(name, `password of ${name}`, origin)).actor
  }
  return { ...base, accounts, clock, work, another, admin, person, [Symbol.asyncDispose]: base[Symbol.asyncDispose] }
}
