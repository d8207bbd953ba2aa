import { randomBytes } from "node:crypto"
import type { Role, Scope } from "@entrepot/db"
import type { Upstream } from "@entrepot/registry"
import type { AccountService } from "../accounts/account-service.ts"
import { openTestStores, type TestStores } from "../accounts/accounts.fixture.ts"
import type { Actor } from "../accounts/actor.ts"
import { createAccountService } from "../accounts/create-account-service.ts"
import { LoginBackoff } from "../accounts/login-backoff.ts"
import { PasswordChecks } from "../accounts/password-checks.ts"
import { deriveByScrypt } from "../accounts/password-hash.ts"
import { openPullAccess, type PullAccess, type PullAccessOptions } from "./open-pull-access.ts"

export interface TestPullAccess extends TestStores {
  readonly access: PullAccess
  readonly accounts: AccountService
  /** Milliseconds since 1970; tests move it. */
  readonly clock: { now: number }
  /** How often a password was derived. */
  readonly work: { derived: number }
  readonly admin: Actor
  /** Another process on the same database. */
  another(): Promise<PullAccess>
  /** The key of somebody with that role, who is made where there is none of the name. */
  key(
    name: string,
    role: Role,
    scopes: readonly Scope[],
  ): Promise<{ readonly id: string; readonly userId: number; readonly secret: string }>
}

/** Of a registry that is never asked. */
function upstreamOf(registry: string, id: number): Upstream {
  const nobody = { hostSettings: {}, credentials: () => Promise.resolve(undefined) }
  const plain = { pathPrefix: "", priority: 1, enabled: true, virtualHosts: [], tagLifetimeMs: null, ...nobody }
  return { ...plain, id, registry, name: registry, url: `https://${registry}` }
}

export const address = "192.0.2.1"

/** Pull users, rules and authenticator over a real database, with a cheap hash and a clock that stands. */
export async function openTestPullAccess(
  configuration: Partial<PullAccessOptions["configuration"]> = {},
  base?: TestStores,
): Promise<TestPullAccess> {
  const stores = base ?? (await openTestStores())
  const clock = { now: Date.parse("2026-11-21T12:00:00Z") }
  const work = { derived: 0 }
  const now = () => clock.now
  const serverSecrets = [Buffer.alloc(32, 9)]
  const opened: PullAccess[] = []
  const process = async () => {
    const backoff = new LoginBackoff(now)
    const passwords = new PasswordChecks({
      now,
      randomBytes,
      cost: { n: 16, r: 1, p: 1 },
      derive: (...input) => {
        work.derived++
        return deriveByScrypt(...input)
      },
    })
    const settings = { defaultToken: "docker-transformer", setupCode: undefined, serverSecrets, masterKeys: [] }
    const accounts = createAccountService({ stores: stores.stores, settings, log: stores.log, now, passwords, backoff })
    const access = await openPullAccess({
      stores: stores.stores,
      configuration: { accounts: [], anonymous: "auto", skipAuthProxy: false, ...configuration },
      serverSecrets,
      upstreams: { defaultRegistry: "docker.io", list: () => ["docker.io", "gcr.io"].map(upstreamOf) },
      keys: accounts,
      passwords,
      backoff,
      log: stores.log,
      now,
    })
    opened.push(access)
    return { accounts, access }
  }
  const { accounts, access } = await process()
  await accounts.initialise()
  const first = await stores.stores.users.byName("admin")
  const terminal = (userId: number, name: string, role: Role): Actor => ({
    ...{ userId, name, role, via: "terminal", mustChange: false, credentialId: "", address: "" },
  })
  const admin = terminal(first?.id ?? 0, "admin", "admin")
  return {
    ...stores,
    access,
    accounts,
    clock,
    work,
    admin,
    another: async () => (await process()).access,
    key: async (name, role, scopes) => {
      const known = await stores.stores.users.byName(name)
      const { id } = known ?? (await accounts.createUser(admin, { name, role, password: `password of ${name}` }))
      const made = await accounts.createKey(terminal(id, name, role), { name: "ci", scopes, expiresAt: null })
      return { id: made.key.id, userId: id, secret: made.secret }
    },
    [Symbol.asyncDispose]: async () => {
      for (const each of opened) await each.close()
      await stores[Symbol.asyncDispose]()
    },
  }
}
