import type { ApiKey, AuditEntry, Role, WebSession, WebUser } from "./account.ts"

/** A user name is taken. */
export class NameTaken extends Error {
  override readonly name = "NameTaken"
}

/** Who uses the application. Names are unique. */
export interface UserStore {
  /** @throws NameTaken. */
  create(user: Pick<WebUser, "name" | "role" | "passwordHash">, at: number): Promise<WebUser>
  get(id: number): Promise<WebUser | undefined>
  byName(name: string): Promise<WebUser | undefined>
  list(): Promise<readonly WebUser[]>
  /** Ends the user's sessions where role, password or `disabled` change, in the same transaction. False when there is no such user. */
  update(
    id: number,
    changes: { readonly role?: Role; readonly passwordHash?: string | null; readonly disabled?: boolean },
    at: number,
  ): Promise<boolean>
  remove(id: number): Promise<boolean>
}

/** Who is logged in. */
export interface SessionStore {
  create(session: WebSession): Promise<void>
  get(idHash: string): Promise<WebSession | undefined>
  touch(idHash: string, at: number): Promise<void>
  end(idHash: string): Promise<void>
  endAllOf(userId: number): Promise<void>
  endAll(): Promise<void>
  /** Forgets sessions that were last seen, or begun, before these times. */
  sweep(seenBefore: number, createdBefore: number): Promise<void>
}

/** The keys of tools. */
export interface ApiKeyStore {
  create(key: ApiKey): Promise<void>
  get(id: string): Promise<ApiKey | undefined>
  listOf(userId: number): Promise<readonly ApiKey[]>
  /** Everybody's. */
  list(): Promise<readonly ApiKey[]>
  touch(id: string, at: number): Promise<void>
  remove(id: string): Promise<boolean>
}

/** What was done and refused; there is no way to change or remove an entry. */
export interface AuditStore {
  append(entry: Omit<AuditEntry, "id">): Promise<void>
  /** Newest first. */
  list(query: { readonly before?: number; readonly limit: number }): Promise<readonly AuditEntry[]>
}
