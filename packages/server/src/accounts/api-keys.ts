import { createHash, timingSafeEqual } from "node:crypto"
import { type ApiKey, type Scope, scopes } from "@entrepot/db/stores"
import { ServiceError } from "../errors/service-error.ts"
import type { AccountContext } from "./account-context.ts"
import type { ApiKeyView } from "./account-service.ts"
import type { Actor } from "./actor.ts"
import { legible } from "./audit-trail.ts"
import { requirePerson, scopesWithin } from "./rights.ts"
import { Touches } from "./touches.ts"

const form = /^ept_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/
/** A key that rests for so long is audited when it is used again. */
const tellEveryMs = 3_600_000
const mostPerUser = 100
const longestName = 100

/** What came of a key or ticket. Ours without an actor: right once, and opens nothing any more. */
export interface BearerAnswer {
  readonly isOurs: boolean
  readonly actor: Actor | undefined
}

/** Public part of a text that has the shape of a key. */
export function keyIdOf(bearer: string): string | undefined {
  return form.exec(bearer)?.[1]
}

/** Named keys for programs: `ept_<id>_<secret>`, the secret's SHA-256 kept, its owner's present role the ceiling. */
export class ApiKeys {
  readonly #context: AccountContext
  readonly #touches = new Touches()

  constructor(context: AccountContext) {
    this.#context = context
  }

  /** @throws ServiceError `forbidden`, `invalid`, `too_many`. */
  async create(
    actor: Actor,
    wanted: { readonly name: string; readonly scopes: readonly Scope[]; readonly expiresAt: number | null },
  ): Promise<{ readonly key: ApiKeyView; readonly secret: string }> {
    requirePerson(actor)
    const { stores, now, randomBytes, trail } = this.#context
    const name = wanted.name.trim()
    if (name === "" || name.length > longestName || legible(name) !== name) {
      throw new ServiceError("invalid", `a key has a name of 1 to ${longestName} printable characters`)
    }
    const asked = scopes.filter((scope) => wanted.scopes.includes(scope))
    if (asked.length === 0) throw new ServiceError("invalid", "a key needs a scope")
    const beyond = asked.filter((scope) => !scopesWithin(actor.role, asked).includes(scope))
    if (beyond.length > 0) {
      throw new ServiceError("forbidden", `the role ${actor.role} cannot hand out the scope ${beyond.join(", ")}`)
    }
    const at = now()
    if (wanted.expiresAt !== null && !(Number.isSafeInteger(wanted.expiresAt) && wanted.expiresAt > at)) {
      throw new ServiceError("invalid", "a key cannot have expired before it is made")
    }
    if ((await stores.apiKeys.listOf(actor.userId)).length >= mostPerUser) {
      throw new ServiceError("too_many", `nobody has more than ${mostPerUser} keys; remove one first`)
    }
    const id = randomBytes(8).toString("hex")
    const secret = randomBytes(32).toString("base64url")
    const { expiresAt } = wanted
    const key = { id, userId: actor.userId, name, scopes: asked, expiresAt, lastUsedAt: null, createdAt: at }
    await stores.apiKeys.create({ ...key, hash: hashOf(secret) })
    await trail.ok(actor, "key.create", `${name} (${id}: ${asked.join(", ")})`)
    return { key, secret: `ept_${id}_${secret}` }
  }

  async list(actor: Actor): Promise<readonly ApiKeyView[]> {
    requirePerson(actor)
    return (await this.#context.stores.apiKeys.listOf(actor.userId)).map(({ hash: _, ...view }) => view)
  }

  /** @throws ServiceError `not_found`, for keys of others too (RELIABILITY S13). */
  async remove(actor: Actor, id: string): Promise<void> {
    requirePerson(actor)
    const key = await this.#context.stores.apiKeys.get(id)
    if (key === undefined || key.userId !== actor.userId || !(await this.#context.stores.apiKeys.remove(id))) {
      throw new ServiceError("not_found", "you have no such key")
    }
    this.#context.live.end(id)
    await this.#context.trail.ok(actor, "key.remove", `${key.name} (${id})`)
  }

  /** The actor behind a key. A wrong secret takes the work of a right one. */
  async find(bearer: string, address: string): Promise<BearerAnswer> {
    const [, id = "", secret = ""] = form.exec(bearer) ?? []
    const key = id === "" ? undefined : await this.#context.stores.apiKeys.get(id)
    const expected = Buffer.from(key?.hash ?? "", "hex")
    const given = Buffer.from(hashOf(secret), "hex")
    const isOurs = timingSafeEqual(given, expected.length === given.length ? expected : Buffer.alloc(given.length))
    if (!isOurs || key === undefined) return { isOurs: false, actor: undefined }
    const actor = await this.#actor(key, address)
    const at = this.#context.now()
    if (actor && this.#touches.isDue(id, key.lastUsedAt, at)) {
      await this.#context.stores.apiKeys.touch(id, at)
      const unused = key.lastUsedAt === null || at - key.lastUsedAt >= tellEveryMs
      if (unused) await this.#context.trail.ok(actor, "key.use", `${key.name} (${id})`)
    }
    return { isOurs, actor }
  }

  /** Whether the key is there, and means what it meant. */
  async stands(actor: Actor): Promise<boolean> {
    const key = await this.#context.stores.apiKeys.get(actor.credentialId)
    const present = key && (await this.#actor(key, actor.address))
    return present !== undefined && present.role === actor.role
  }

  /** The key's owner's present role, and of its scopes those that the role still allows. */
  async #actor(key: ApiKey, address: string): Promise<Actor | undefined> {
    if (key.expiresAt !== null && this.#context.now() >= key.expiresAt) return undefined
    const user = await this.#context.stores.users.get(key.userId)
    if (user === undefined || user.disabled) return undefined
    this.#context.live.note(key.id, { userId: user.id, via: "key" })
    return {
      userId: user.id,
      name: user.name,
      role: user.role,
      via: "key",
      scopes: scopesWithin(user.role, key.scopes),
      mustChange: false,
      credentialId: key.id,
      address,
    }
  }
}

function hashOf(secret: string): string {
  return createHash("sha256").update(secret).digest("hex")
}
