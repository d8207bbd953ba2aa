import { NameTaken, type PullUser } from "@entrepot/db/stores"
import type { Actor } from "../accounts/actor.ts"
import { isKnownToken } from "../accounts/known-tokens.ts"
import { requireScope } from "../accounts/rights.ts"
import { ServiceError } from "../errors/service-error.ts"
import { wrapMd5 } from "./imported-hash.ts"
import type { PullAccessContext } from "./pull-access-context.ts"
import type { PullUserView } from "./pull-access-service.ts"

const nameForm = /^[a-zA-Z0-9](?:[a-zA-Z0-9._@-]{0,62}[a-zA-Z0-9])?$/
const shortestPassword = 8
const longestPassword = 1024

/** Who may `docker login`, and nothing else. */
export class PullUsers {
  readonly #context: PullAccessContext

  constructor(context: PullAccessContext) {
    this.#context = context
  }

  async list(actor: Actor): Promise<readonly PullUserView[]> {
    requireScope(actor, "admin")
    return (await this.#context.stores.pullUsers.list()).map(viewOf)
  }

  async create(actor: Actor, { name, password }: { readonly name: string; readonly password: string }): Promise<PullUserView> {
    requireScope(actor, "admin")
    checkName(name)
    checkPassword(password, name)
    return this.#add(actor, name, await this.#context.passwords.hash(password), "pull-user.create")
  }

  async importMd5(actor: Actor, { name, md5 }: { readonly name: string; readonly md5: string }): Promise<PullUserView> {
    requireScope(actor, "admin")
    checkName(name)
    if (!/^[0-9a-fA-F]{32}$/.test(md5)) throw new ServiceError("invalid", "an MD5 digest has 32 hexadecimal digits")
    return this.#add(actor, name, wrapMd5(await this.#context.passwords.hash(md5.toLowerCase())), "pull-user.import")
  }

  async update(
    actor: Actor,
    id: number,
    { password, disabled }: { readonly password?: string; readonly disabled?: boolean },
  ): Promise<PullUserView> {
    requireScope(actor, "admin")
    const { stores, passwords, live, trail, now } = this.#context
    const user = await this.#get(id)
    if (password !== undefined) checkPassword(password, user.name)
    const changes = {
      ...(password === undefined ? {} : { passwordHash: await passwords.hash(password) }),
      ...(disabled === undefined ? {} : { disabled }),
    }
    if (!(await stores.pullUsers.update(id, changes, now()))) throw notFound()
    await live.refresh()
    const said = [password === undefined ? "" : "password", disabled === undefined ? "" : disabled ? "disabled" : "enabled"]
    await trail.ok(actor, "pull-user.update", `${user.name}: ${said.filter((text) => text !== "").join(", ")}`)
    return viewOf(await this.#get(id))
  }

  async remove(actor: Actor, id: number): Promise<void> {
    requireScope(actor, "admin")
    const user = await this.#get(id)
    if (!(await this.#context.stores.pullUsers.remove(id))) throw notFound()
    await this.#context.live.refresh()
    await this.#context.trail.ok(actor, "pull-user.remove", user.name)
  }

  async #add(actor: Actor, name: string, passwordHash: string, action: string): Promise<PullUserView> {
    const { stores, live, trail, now } = this.#context
    // Before there is a user: a registry that dies in between asks for logins rather than none.
    await live.restrict()
    try {
      const user = await stores.pullUsers.create({ name, passwordHash }, now())
      await live.refresh()
      await trail.ok(actor, action, name)
      return viewOf(user)
    } catch (error) {
      if (error instanceof NameTaken) throw new ServiceError("conflict", `there is a pull user ${name} already`)
      throw error
    }
  }

  async #get(id: number): Promise<PullUser> {
    const user = await this.#context.stores.pullUsers.get(id)
    if (user === undefined) throw notFound()
    return user
  }
}

function viewOf({ passwordHash: _, ...view }: PullUser): PullUserView {
  return view
}

function checkName(name: string): void {
  if (nameForm.test(name)) return
  throw new ServiceError("invalid", "a pull user's name has 1 to 64 of a-z, A-Z, 0-9 and . _ @ - (not first or last)")
}

function checkPassword(password: string, name: string): void {
  if (password.length < shortestPassword) {
    throw new ServiceError("invalid", `a pull user's password has at least ${shortestPassword} characters`)
  }
  if (password.length > longestPassword) throw new ServiceError("invalid", `a password has at most ${longestPassword} characters`)
  if (password.startsWith("ept_")) throw new ServiceError("invalid", "a password that begins with ept_ would be taken for a key")
  if (isKnownToken(password) || password.toLowerCase() === name.toLowerCase()) {
    throw new ServiceError("invalid", "this password is easily guessed; choose another")
  }
}

function notFound(): ServiceError {
  return new ServiceError("not_found", "there is no such pull user")
}
