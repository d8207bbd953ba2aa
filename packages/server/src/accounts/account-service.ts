import type { ApiKey, AuditEntry, Role, Scope, WebUser } from "@entrepot/db/stores"
import type { Actor } from "./actor.ts"

/** Where a login comes from: the address decides about backoff. */
export interface LoginOrigin {
  readonly address: string
}

/** Somebody has logged in. */
export interface LoggedIn {
  readonly actor: Actor
  /** For the cookie; 256 bits, base64url. It is nowhere kept in clear. */
  readonly sessionId: string
}

/** A user without what the password is checked with. */
export type UserView = Pick<WebUser, "id" | "name" | "role" | "disabled" | "createdAt"> & { readonly hasPassword: boolean }
/** A key without what its secret is checked with. */
export type ApiKeyView = Omit<ApiKey, "hash">

/** A short-lived signed token that lets its bearer follow one job, and nothing else. */
export interface JobTicket {
  readonly ticket: string
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

/**
 * Logins, sessions, keys, users (RELIABILITY section 3). Methods that take an actor throw ServiceError `forbidden` where it may not.
 */
export interface AccountService {
  /** Makes the first user and its token where there is none; returns what a person who starts the server has to know, one sentence each. */
  initialise(): Promise<readonly string[]>

  /** @throws ServiceError `login_refused`; `too_many` with the seconds to wait after five failures of an address and account. */
  loginWithToken(token: string, origin: LoginOrigin, setupCode?: string): Promise<LoggedIn>
  /** Same sentence and same time whether the user exists or not. @throws as loginWithToken. */
  loginWithPassword(name: string, password: string, origin: LoginOrigin): Promise<LoggedIn>
  logout(actor: Actor): Promise<void>

  /** The actor behind a cookie's session identifier; undefined when it has ended. Renews the idle time at most once a minute. */
  bySession(sessionId: string, address: string): Promise<Actor | undefined>
  /** The actor behind `ept_…` or a ticket. Wrong ones count as failed logins of their address. @throws ServiceError `too_many`. */
  byBearer(bearer: string, address: string): Promise<Actor | undefined>
  /**
   * Who shows name and password with the request itself (HTTP Basic), or in place of the password a key of theirs. Nothing is opened. Who has no password
   * yet shows the token. @throws ServiceError `login_refused`, `too_many`, as a login does.
   */
  byPassword(name: string, password: string, origin: LoginOrigin): Promise<Actor>
  /** Whether the actor's session, key, user and role still stand as they did: streams ask every minute. */
  isStillValid(actor: Actor): Promise<boolean>
  /** Calls back with the credentialId of sessions and keys that ended in this process; returns how to stop that. */
  onEnded(listener: (credentialId: string) => void): () => void

  /** A new token for the first user: ends all sessions and logs this caller in anew. @throws ServiceError `invalid` for known or short tokens. */
  changeToken(actor: Actor, token: string): Promise<LoggedIn>
  /**
   * For `entrepot admin reset-token`: a new random token, all sessions ended, the first user an administrator who is not disabled. Keys and other
   * users stay: whoever takes a server back from a stranger looks at them next.
   */
  resetToken(): Promise<string>
  /** Who has no password yet shows the token. @throws ServiceError `login_refused`, `invalid`, `too_many`. */
  changePassword(actor: Actor, current: string, next: string): Promise<LoggedIn>

  createKey(
    actor: Actor,
    key: { readonly name: string; readonly scopes: readonly Scope[]; readonly expiresAt: number | null },
  ): Promise<{ readonly key: ApiKeyView; readonly secret: string }>
  listKeys(actor: Actor): Promise<readonly ApiKeyView[]>
  removeKey(actor: Actor, id: string): Promise<void>

  listUsers(actor: Actor): Promise<readonly UserView[]>
  createUser(actor: Actor, user: { readonly name: string; readonly password: string; readonly role: Role }): Promise<UserView>
  updateUser(
    actor: Actor,
    id: number,
    changes: { readonly role?: Role; readonly password?: string; readonly disabled?: boolean },
  ): Promise<UserView>
  removeUser(actor: Actor, id: number): Promise<void>

  issueTicket(actor: Actor, jobId: number): Promise<JobTicket>
  audit(actor: Actor, query: { readonly before?: number; readonly limit: number }): Promise<readonly AuditEntry[]>
}
