import { type Database, NameTaken, type WebUser } from "@entrepot/db/stores"
import type { Actor } from "../../accounts/actor.ts"
import { firstUserName } from "../../accounts/users.ts"

/** The first user, as who sits at the terminal. Made where no server has made it yet. */
export async function terminalActor({ users }: Pick<Database, "users">, now: () => number): Promise<Actor> {
  const user = (await users.byName(firstUserName)) ?? (await makeFirst(users, now))
  return {
    userId: user.id,
    name: user.name,
    role: "admin",
    via: "terminal",
    mustChange: false,
    credentialId: "terminal",
    address: "terminal",
  }
}

async function makeFirst(users: Database["users"], now: () => number): Promise<WebUser> {
  try {
    return await users.create({ name: firstUserName, role: "admin", passwordHash: null }, now())
  } catch (error) {
    const other = error instanceof NameTaken ? await users.byName(firstUserName) : undefined
    if (other === undefined) throw error
    return other
  }
}
