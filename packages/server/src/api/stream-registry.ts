import type { AccountService } from "../accounts/account-service.ts"
import type { Actor } from "../accounts/actor.ts"
import { ServiceError } from "../errors/service-error.ts"

interface StreamLimits {
  /** Streams of one session or key at once. */
  readonly perCredential: number
  readonly total: number
  /** How often it is asked whether actors may still read. Default 60 s. */
  readonly recheckMs?: number
}

/** The place of one stream among the permitted ones. */
interface StreamPlace {
  /** Aborted when the client leaves, the session or key ends, or the server closes. */
  readonly signal: AbortSignal
  leave(): void
}

interface Held {
  readonly actor: Actor
  readonly abort: AbortController
}

/** All streams that are open: counted, asked again every minute for whom they are, and ended when that is over (RELIABILITY S22). */
export class StreamRegistry {
  readonly #accounts: Pick<AccountService, "isStillValid" | "onEnded">
  readonly #limits: StreamLimits
  readonly #byCredential = new Map<string, Set<Held>>()
  readonly #timer: NodeJS.Timeout
  readonly #stopListening: () => void
  #count = 0

  constructor(accounts: Pick<AccountService, "isStillValid" | "onEnded">, limits: StreamLimits) {
    this.#accounts = accounts
    this.#limits = limits
    this.#stopListening = accounts.onEnded((credentialId) => this.#end(credentialId))
    this.#timer = setInterval(() => void this.recheck(), limits.recheckMs ?? 60_000)
    this.#timer.unref()
  }

  get count(): number {
    return this.#count
  }

  /** @throws ServiceError `too_many`. */
  enter(actor: Actor, signal: AbortSignal | undefined): StreamPlace {
    const held: Held = { actor, abort: new AbortController() }
    const own = this.#byCredential.get(holderOf(actor)) ?? new Set()
    if (own.size >= this.#limits.perCredential) throw tooMany(`${own.size} streams of this login are open`)
    if (this.#count >= this.#limits.total) throw tooMany("all streams of the server are taken")
    own.add(held)
    this.#byCredential.set(holderOf(actor), own)
    this.#count++
    return {
      signal: signal === undefined ? held.abort.signal : AbortSignal.any([signal, held.abort.signal]),
      leave: () => this.#leave(held),
    }
  }

  /** Ends the streams of those who may no longer read. A database that does not answer ends them too: they come back with their place. */
  async recheck(): Promise<void> {
    const actors = new Map(this.#held().map(({ actor }) => [actor.credentialId, actor]))
    await Promise.all(
      [...actors.values()].map(async (actor) => {
        const valid = await this.#accounts.isStillValid(actor).catch(() => false)
        if (!valid) this.#end(actor.credentialId)
      }),
    )
  }

  /** Ends all streams. */
  close(): void {
    clearInterval(this.#timer)
    this.#stopListening()
    for (const held of this.#held()) held.abort.abort()
  }

  #end(credentialId: string): void {
    for (const held of this.#held()) if (held.actor.credentialId === credentialId) held.abort.abort()
  }

  #held(): readonly Held[] {
    return [...this.#byCredential.values()].flatMap((own) => [...own])
  }

  #leave(held: Held): void {
    const own = this.#byCredential.get(holderOf(held.actor))
    if (own === undefined || !own.delete(held)) return
    this.#count--
    if (own.size === 0) this.#byCredential.delete(holderOf(held.actor))
  }
}

/** Whose streams are counted together: those of a session or key, and of the tickets that it asked for. */
function holderOf({ issuedTo, credentialId }: Actor): string {
  return issuedTo ?? credentialId
}

function tooMany(message: string): ServiceError {
  return new ServiceError("too_many", message, { retryAfterSeconds: 5 })
}
