import { ServiceError } from "../errors/service-error.ts"
import type { AccountContext } from "./account-context.ts"
import type { JobTicket } from "./account-service.ts"
import type { Actor } from "./actor.ts"
import { type ApiKeys, type BearerAnswer, keyIdOf } from "./api-keys.ts"
import { JobTickets } from "./job-tickets.ts"
import { requireScope } from "./rights.ts"
import type { Sessions } from "./sessions.ts"

/** What stands behind `Authorization: Bearer`: keys and tickets, told apart by their shape. */
export class Bearers {
  readonly #context: AccountContext
  readonly #keys: ApiKeys
  readonly #sessions: Pick<Sessions, "isOpen">
  readonly #tickets: JobTickets

  constructor(context: AccountContext, keys: ApiKeys, sessions: Pick<Sessions, "isOpen">) {
    this.#context = context
    this.#keys = keys
    this.#sessions = sessions
    this.#tickets = new JobTickets({ secrets: context.settings.serverSecrets, now: context.now })
  }

  async find(bearer: string, address: string): Promise<Actor | undefined> {
    const keyId = keyIdOf(bearer)
    const isTicket = bearer.split(".", 4).length === 3
    const account = keyId === undefined ? (isTicket ? "ticket" : "bearer") : `key ${keyId}`
    const attempt = this.#context.backoff.glance(account, address)
    let answer: BearerAnswer
    try {
      if (keyId !== undefined) answer = await this.#keys.find(bearer, address)
      else answer = isTicket ? await this.#findTicket(bearer, address) : { isOurs: false, actor: undefined }
    } catch (error) {
      attempt.dropped()
      throw error
    }
    if (answer.actor) attempt.succeeded()
    else if (answer.isOurs) attempt.dropped()
    else {
      attempt.failed()
      await this.#context.trail.refused({ userId: null, name: account, address }, "login", account)
    }
    return answer.actor
  }

  async issueTicket(actor: Actor, jobId: number): Promise<JobTicket> {
    requireScope(actor, "jobs:read")
    const user = await this.#context.stores.users.get(actor.userId)
    if (user === undefined || user.disabled) throw new ServiceError("unauthenticated", "this account has ended")
    return this.#tickets.sign({
      id: this.#context.randomBytes(16).toString("base64url"),
      userId: user.id,
      userVersion: user.updatedAt,
      jobId,
      keyId: actor.via === "key" ? actor.credentialId : undefined,
      sessionId: actor.via === "session" ? actor.credentialId : undefined,
    })
  }

  /** Whether a ticket that came in here still opens its job. */
  async ticketStands(actor: Actor): Promise<boolean> {
    const live = this.#context.live.get(actor.credentialId)
    if (live?.expiresAt === undefined || this.#context.now() >= live.expiresAt) return false
    if (live.parentId !== undefined && !(await this.#parentStands(live.parentId))) return false
    const user = await this.#context.stores.users.get(actor.userId)
    return user !== undefined && !user.disabled && user.role === actor.role
  }

  async #findTicket(bearer: string, address: string): Promise<BearerAnswer> {
    const claims = await this.#tickets.verify(bearer)
    if (claims === "forged" || claims === "ended") return { isOurs: claims === "ended", actor: undefined }
    const user = await this.#context.stores.users.get(claims.userId)
    const holds = user !== undefined && !user.disabled && user.updatedAt === claims.userVersion
    const parentId = claims.keyId ?? claims.sessionId
    if (!holds || (parentId !== undefined && !(await this.#parentStands(parentId)))) return { isOurs: true, actor: undefined }
    this.#context.live.note(claims.id, { userId: user.id, via: "ticket", expiresAt: claims.expiresAt, parentId })
    const actor: Actor = {
      userId: user.id,
      name: user.name,
      role: user.role,
      via: "ticket",
      scopes: ["jobs:read"],
      mustChange: false,
      credentialId: claims.id,
      ...(parentId === undefined ? {} : { issuedTo: parentId }),
      jobId: claims.jobId,
      address,
    }
    return { isOurs: true, actor }
  }

  /** What it was issued to: sessions have longer identifiers than keys. */
  async #parentStands(id: string): Promise<boolean> {
    if (id.length === 64) return this.#sessions.isOpen(id)
    const key = await this.#context.stores.apiKeys.get(id)
    return key !== undefined && (key.expiresAt === null || this.#context.now() < key.expiresAt)
  }
}
