import { createHash } from "node:crypto"
import type { WebSession, WebUser } from "@entrepot/db/stores"
import type { AccountContext } from "./account-context.ts"
import type { LoggedIn } from "./account-service.ts"
import type { Actor } from "./actor.ts"
import { Touches } from "./touches.ts"

/** A session that nobody used for so long has ended. */
const idleMs = 12 * 3_600_000
/** However busy it is. */
const absoluteMs = 7 * 24 * 3_600_000
const sweepEveryMs = 3_600_000

const identifierForm = /^[A-Za-z0-9_-]{43}$/

/** Sessions of people: 256 random bits in a cookie, and their SHA-256 in the database. */
export class Sessions {
  readonly #context: AccountContext
  readonly #touches = new Touches()
  #sweptAt = Number.NEGATIVE_INFINITY

  constructor(context: AccountContext) {
    this.#context = context
  }

  /** A new session, with a new identifier. */
  async open(user: WebUser, mustChange: boolean, address: string): Promise<LoggedIn> {
    const { stores, now, randomBytes } = this.#context
    await this.#sweep()
    const sessionId = randomBytes(32).toString("base64url")
    const at = now()
    const session = { idHash: hashOf(sessionId), userId: user.id, mustChange, createdAt: at, seenAt: at, address }
    await stores.sessions.create(session)
    return { actor: this.#actor(session, user, address), sessionId }
  }

  /** The actor behind a cookie; undefined when the session ended. */
  async find(sessionId: string, address: string): Promise<Actor | undefined> {
    if (!identifierForm.test(sessionId)) return undefined
    const found = await this.#look(hashOf(sessionId))
    if (found === undefined) return undefined
    const { session, user } = found
    const at = this.#context.now()
    if (this.#touches.isDue(session.idHash, session.seenAt, at)) await this.#context.stores.sessions.touch(session.idHash, at)
    return this.#actor(session, user, address)
  }

  /** Whether the session is there, and what it said of user and role is still so. */
  async stands(actor: Actor): Promise<boolean> {
    const found = await this.#look(actor.credentialId)
    return found !== undefined && found.user.role === actor.role && found.session.mustChange === actor.mustChange
  }

  /** Whether there is still such a session, of somebody who may come in. */
  async isOpen(idHash: string): Promise<boolean> {
    return (await this.#look(idHash)) !== undefined
  }

  async end(idHash: string): Promise<void> {
    await this.#context.stores.sessions.end(idHash)
    this.#context.live.end(idHash)
  }

  async endAllOf(userId: number): Promise<void> {
    await this.#context.stores.sessions.endAllOf(userId)
    this.#context.live.endThose((credential) => credential.via === "session" && credential.userId === userId)
  }

  async endAll(): Promise<void> {
    await this.#context.stores.sessions.endAll()
    this.#context.live.endThose((credential) => credential.via === "session")
  }

  async #look(idHash: string): Promise<{ readonly session: WebSession; readonly user: WebUser } | undefined> {
    const { stores, now } = this.#context
    const session = await stores.sessions.get(idHash)
    if (session === undefined) return undefined
    const at = now()
    if (at - session.seenAt >= idleMs || at - session.createdAt >= absoluteMs) {
      await this.end(idHash)
      return undefined
    }
    const user = await stores.users.get(session.userId)
    return user === undefined || user.disabled ? undefined : { session, user }
  }

  #actor(session: WebSession, user: WebUser, address: string): Actor {
    this.#context.live.note(session.idHash, { userId: user.id, via: "session" })
    return {
      userId: user.id,
      name: user.name,
      role: user.role,
      via: "session",
      mustChange: session.mustChange,
      credentialId: session.idHash,
      address,
    }
  }

  async #sweep(): Promise<void> {
    const at = this.#context.now()
    if (at - this.#sweptAt < sweepEveryMs) return
    this.#sweptAt = at
    await this.#context.stores.sessions.sweep(at - idleMs, at - absoluteMs)
  }
}

function hashOf(sessionId: string): string {
  return createHash("sha256").update(sessionId).digest("hex")
}
