import { NameTaken, type Role, roles, type WebUser } from "@entrepot/db/stores"
import { ServiceError } from "../errors/service-error.ts"
import type { AccountContext } from "./account-context.ts"
import type { UserView } from "./account-service.ts"
import type { Actor } from "./actor.ts"
import { isKnownToken } from "./known-tokens.ts"
import { requireScope } from "./rights.ts"

/** The first user, whom the token logs in. */
export const firstUserName = "admin"

const nameForm = /^[a-z0-9](?:[a-z0-9._@-]{0,62}[a-z0-9])?$/
const shortestPassword = 12
const longestPassword = 1024

/** Accounts of people. Administrators alone change them, and one administrator who can log in always stays. */
export class Users {
  readonly #context: AccountContext
  /** Changes one after the other: two at once could each leave the other as the last administrator. */
  #queue: Promise<unknown> = Promise.resolve()

  constructor(context: AccountContext) {
    this.#context = context
  }

  /** The first user, made where it is not there. Several processes may do so at once. */
  async first(): Promise<WebUser> {
    const { users } = this.#context.stores
    const known = await users.byName(firstUserName)
    if (known) return known
    try {
      return await users.create({ name: firstUserName, role: "admin", passwordHash: null }, this.#context.now())
    } catch (error) {
      const other = error instanceof NameTaken ? await users.byName(firstUserName) : undefined
      if (other === undefined) throw error
      return other
    }
  }

  /** For the terminal: the first user is an administrator who can log in again. */
  async restoreFirst(): Promise<WebUser> {
    const first = await this.first()
    if (first.role === "admin" && !first.disabled) return first
    await this.#context.stores.users.update(first.id, { role: "admin", disabled: false }, this.#context.now())
    return this.first()
  }

  async list(actor: Actor): Promise<readonly UserView[]> {
    requireScope(actor, "admin")
    return (await this.#context.stores.users.list()).map(viewOf)
  }

  /** @throws ServiceError `invalid`, `conflict` for a name that is taken. */
  async create(
    actor: Actor,
    wanted: { readonly name: string; readonly password: string; readonly role: Role },
  ): Promise<UserView> {
    requireScope(actor, "admin")
    if (!nameForm.test(wanted.name)) {
      throw new ServiceError("invalid", "a user name has 1 to 64 of a-z, 0-9 and . _ @ - (not first or last)")
    }
    checkRole(wanted.role)
    checkPassword(wanted.password, wanted.name)
    const passwordHash = await this.#context.passwords.hash(wanted.password)
    try {
      const { name, role } = wanted
      const user = await this.#context.stores.users.create({ name, role, passwordHash }, this.#context.now())
      await this.#context.trail.ok(actor, "user.create", `${name} (${role})`)
      return viewOf(user)
    } catch (error) {
      if (error instanceof NameTaken) throw new ServiceError("conflict", `there is a user ${wanted.name} already`)
      throw error
    }
  }

  /** Ends the user's sessions. @throws ServiceError `not_found`, `invalid`, `conflict` for the last administrator. */
  async update(
    actor: Actor,
    id: number,
    changes: { readonly role?: Role; readonly password?: string; readonly disabled?: boolean },
  ): Promise<UserView> {
    requireScope(actor, "admin")
    return this.#inTurn(async () => {
      const user = await this.#get(id)
      if (changes.role !== undefined) checkRole(changes.role)
      if (changes.password !== undefined) checkPassword(changes.password, user.name)
      const staysAdmin = (changes.role ?? user.role) === "admin" && !(changes.disabled ?? user.disabled)
      if (!staysAdmin) await this.#keepOneAdmin(user)
      const passwordHash = changes.password === undefined ? undefined : await this.#context.passwords.hash(changes.password)
      await this.#context.stores.users.update(
        id,
        {
          ...(changes.role === undefined ? {} : { role: changes.role }),
          ...(changes.disabled === undefined ? {} : { disabled: changes.disabled }),
          ...(passwordHash === undefined ? {} : { passwordHash }),
        },
        this.#context.now(),
      )
      this.#endCredentials(id)
      await this.#context.trail.ok(actor, "user.update", `${user.name}: ${describe(changes)}`)
      return viewOf(await this.#get(id))
    })
  }

  /** @throws ServiceError `not_found`, `conflict` for the first user and the last administrator. */
  async remove(actor: Actor, id: number): Promise<void> {
    requireScope(actor, "admin")
    await this.#inTurn(async () => {
      const user = await this.#get(id)
      if (user.name === firstUserName) {
        throw new ServiceError("conflict", `${firstUserName} is who the token logs in; it can be disabled, not removed`)
      }
      await this.#keepOneAdmin(user)
      await this.#context.stores.users.remove(id)
      this.#endCredentials(id)
      await this.#context.trail.ok(actor, "user.remove", user.name)
    })
  }

  /** The sentence that a new password breaks. @throws ServiceError `invalid`. */
  checkPassword(password: string, name: string): void {
    checkPassword(password, name)
  }

  async #get(id: number): Promise<WebUser> {
    const user = await this.#context.stores.users.get(id)
    if (user === undefined) throw new ServiceError("not_found", "there is no such user")
    return user
  }

  async #keepOneAdmin(leaving: WebUser): Promise<void> {
    const others = (await this.#context.stores.users.list()).filter(
      ({ id, role, disabled, name, passwordHash }) =>
        id !== leaving.id && role === "admin" && !disabled && (passwordHash !== null || name === firstUserName),
    )
    if (leaving.role !== "admin" || leaving.disabled || others.length > 0) return
    throw new ServiceError("conflict", `${leaving.name} is the last administrator`)
  }

  #endCredentials(userId: number): void {
    this.#context.live.endThose((credential) => credential.userId === userId)
  }

  #inTurn<Result>(change: () => Promise<Result>): Promise<Result> {
    const result = this.#queue.then(change)
    this.#queue = result.catch(() => undefined)
    return result
  }
}

/** What is shown of a user. */
export function viewOf({ id, name, role, disabled, createdAt, passwordHash }: WebUser): UserView {
  return { id, name, role, disabled, createdAt, hasPassword: passwordHash !== null }
}

function checkRole(role: Role): void {
  if (!roles.includes(role)) throw new ServiceError("invalid", `a role is ${roles.join(", ")}`)
}

function checkPassword(password: string, name: string): void {
  if (password.length < shortestPassword) {
    throw new ServiceError("invalid", `a password has at least ${shortestPassword} characters`)
  }
  if (password.length > longestPassword) throw new ServiceError("invalid", `a password has at most ${longestPassword} characters`)
  if (isKnownToken(password) || password.toLowerCase() === name.toLowerCase()) {
    throw new ServiceError("invalid", "this password is easily guessed; choose another")
  }
}

function describe(changes: { readonly role?: Role; readonly password?: string; readonly disabled?: boolean }): string {
  const said = [
    changes.role === undefined ? undefined : `role ${changes.role}`,
    changes.password === undefined ? undefined : "password",
    changes.disabled === undefined ? undefined : changes.disabled ? "disabled" : "enabled",
  ]
  return said.filter((text) => text !== undefined).join(", ")
}
