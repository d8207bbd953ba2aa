/** What somebody may do, the most first. */
export const roles = ["admin", "operator", "viewer"] as const
export type Role = (typeof roles)[number]

/** What a key may be used for, within its owner's role. */
export const scopes = ["pull", "push", "jobs:read", "jobs:write", "admin"] as const
export type Scope = (typeof scopes)[number]

/** Somebody who uses the application. The first one, `admin`, holds the token of seed 0 and has no password at first. Times: milliseconds since 1970. */
export interface WebUser {
  readonly id: number
  readonly name: string
  readonly role: Role
  /** `scrypt$…`, null for none: then there is no login by password. */
  readonly passwordHash: string | null
  readonly disabled: boolean
  readonly createdAt: number
  readonly updatedAt: number
}

/** A login. The identifier itself is known to the browser alone. */
export interface WebSession {
  /** SHA-256 of the identifier, hexadecimal. */
  readonly idHash: string
  readonly userId: number
  /** Only the session's own account may be looked at, the token be changed, and the session be ended. */
  readonly mustChange: boolean
  readonly createdAt: number
  readonly seenAt: number
  readonly address: string
}

/** A key for tools. Its secret part is known to its owner alone. Times: milliseconds since 1970. */
export interface ApiKey {
  /** Public part of the key. */
  readonly id: string
  readonly userId: number
  readonly name: string
  /** SHA-256 of the secret part, hexadecimal. */
  readonly hash: string
  readonly scopes: readonly Scope[]
  readonly expiresAt: number | null
  readonly lastUsedAt: number | null
  readonly createdAt: number
}

/** Somebody did something that matters to safety, or was refused it. `at`: milliseconds since 1970. */
export interface AuditEntry {
  readonly id: number
  readonly at: number
  readonly actorId: number | null
  readonly actorName: string
  /** `login`, `token.change`, `credentials.use`, … */
  readonly action: string
  readonly subject: string
  readonly outcome: "ok" | "refused"
  readonly address: string
}
