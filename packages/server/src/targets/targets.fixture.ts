import { randomBytes } from "node:crypto"
import type { Role } from "@entrepot/db"
import { openTestStores, type TestStores } from "../accounts/accounts.fixture.ts"
import type { Actor } from "../accounts/actor.ts"
import { createTargetService, type TargetServiceOptions } from "./create-target-service.ts"
import type { TargetService } from "./target-service.ts"

interface TestTargets extends TestStores {
  readonly targets: TargetService
  readonly masterKey: Uint8Array
  /** Another process on the same database. */
  another(options: Partial<TargetServiceOptions>): TargetService
}

/** Somebody who is logged in, without any account behind. */
export function person(userId: number, role: Role): Actor {
  const name = `${role}${userId}`
  return { userId, name, role, via: "session", mustChange: false, credentialId: name, address: "192.0.2.1" }
}

export async function openTestTargets(options: Partial<TargetServiceOptions> = {}): Promise<TestTargets> {
  const base = await openTestStores()
  const masterKey = randomBytes(32)
  const another: TestTargets["another"] = (others) =>
    createTargetService({ stores: base.stores, masterKeys: [masterKey], log: base.log, ...options, ...others })
  return { ...base, masterKey, another, targets: another({}), [Symbol.asyncDispose]: base[Symbol.asyncDispose] }
}
