import type { Role, Scope } from "@entrepot/db/stores"

/** On whose behalf something happens. Everything that reads or changes what belongs to somebody takes one. */
export interface Actor {
  readonly userId: number
  readonly name: string
  /** The owner's role: the ceiling for keys and tickets. */
  readonly role: Role
  /** `password`: shown with the request itself (HTTP Basic), without a session. */
  readonly via: "session" | "password" | "key" | "ticket" | "terminal"
  /** What a key may do; undefined for people, whose role decides. */
  readonly scopes?: readonly Scope[]
  /** The session may look at itself, change the token, and log out. */
  readonly mustChange: boolean
  /** Hash of the session's identifier, or id of the key. */
  readonly credentialId: string
  /** Session or key that asked for a ticket. */
  readonly issuedTo?: string
  /** The only job that a ticket speaks of. */
  readonly jobId?: number
  /** Client address, for the audit log. */
  readonly address: string
}
