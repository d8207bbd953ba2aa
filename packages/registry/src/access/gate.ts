import type { ClientIdentity } from "../proxy/client-identity.ts"
import type { ResolvedName } from "../proxy/resolved-name.ts"
import type { Action, Subject } from "./access.ts"

/** What of a request decides about rights. */
export interface Caller {
  /** The Authorization header as it came. */
  readonly authorization: string | undefined
  readonly address: string
  /** This server's address as the client wrote it, for the challenge's realm: `https://mirror.example.com`. */
  readonly origin: string
}

/** Somebody may do what was asked. */
export interface Admission {
  readonly subject: Subject
  readonly identity?: ClientIdentity
  /** Anonymous clients may do it as well: only then may caches in front keep the answer (S6). */
  readonly isPublic: boolean
}

/** Decides about every request below /v2. Answers at once, without a promise, where it has seen the same token before. */
export interface Gate {
  /**
   * @throws RegistryError UNAUTHORIZED with a `challenge` (nothing, or nothing valid, was shown), DENIED (who it is, is known, and may not; also a
   * private hosted repository that is not there): 401 with a `challenge` for a token, 403 for a password and by a deny rule. TOOMANYREQUESTS.
   * @param lender a repository that the request would pull from besides, and can do without (a mount): nothing is decided about it, but challenges ask
   * for a token that reaches there.
   */
  admit(caller: Caller, action: Action, name: ResolvedName, lender?: ResolvedName): Admission | Promise<Admission>
  /** For `/v2/`, `_catalog` and `/v1/search`, which name no repository. */
  admitBase(caller: Caller, action: "base" | "catalog" | "search"): Admission | Promise<Admission>
  /**
   * `WWW-Authenticate` for an anonymous client that an upstream turned away: with a login of its own it may be let in. With a `lender`, for a client
   * whose token does not reach there.
   */
  challenge(caller: Caller, action: Action, name: ResolvedName, lender?: ResolvedName): string | Promise<string>
  /** Which of these names a subject could pull: for catalog and search. */
  mayPull(admission: Admission, name: ResolvedName): boolean
}
