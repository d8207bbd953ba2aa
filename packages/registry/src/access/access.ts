/** What a request wants to do with a repository. `catalog` is for the whole registry. */
export type Action = "pull" | "push" | "delete" | "catalog"

/** Who asks, as far as password, key or token have shown. */
export interface Subject {
  /** Each population has names of its own (RELIABILITY section 3). `account`: seed 2's ACCOUNTS; `key`: an API key of a web user. */
  readonly kind: "anonymous" | "account" | "pull-user" | "key"
  /** For the access log: user name, or the key's owner. Empty for anonymous. */
  readonly name: string
  /** Pull user, or the key's owner; 0 for others. */
  readonly id: number
  /** What the credential can do at most. */
  readonly ceiling: readonly Action[]
  /** An administrator's key: may do in every project what its ceiling allows. */
  readonly isAdmin: boolean
  /** What was shown: the key's id, or a mark of the password as it was. Tokens carry it, so that they end with it. Empty for anonymous. */
  readonly credential: string
}

/** Who shows nothing. */
export const anonymous: Subject = { kind: "anonymous", name: "", id: 0, ceiling: ["pull"], isAdmin: false, credential: "" }

/** Checks what a client shows at the token endpoint, or as Basic. Slow on purpose; with backoff per account and address. */
export interface Authenticator {
  /**
   * Undefined: wrong. A disabled, unknown or web user gets the same answer in the same time.
   * @throws RegistryError TOOMANYREQUESTS with a time.
   */
  authenticate(username: string, password: string, address: string): Promise<Subject | undefined>
  /** Whether a subject that showed its password earlier is still what it was: not removed, not disabled, its rights not fewer. Cheap: asked on every request. */
  stands(subject: Subject): boolean
  /**
   * Whether these could only be meant for us: they have the shape of a key, or there are accounts or pull users. Such are never shown to an upstream;
   * others may be, in open mode (seed 2).
   */
  claims(username: string, password: string): boolean
  /**
   * Runs the check of a login that is an upstream's to judge, under the backoff of our own.
   * @throws RegistryError TOOMANYREQUESTS with a time; what `check` throws.
   */
  underBackoff(username: string, address: string, check: () => Promise<boolean>): Promise<boolean>
}

/** The rules in force, read again when they change. All questions are cheap: asked on every request. */
export interface AccessRules {
  /** Nobody needs to log in to pull what is read through upstreams: no accounts, users or whitelist have ever been set. */
  readonly open: boolean
  /** Whole path components of the canonical name or of its familiar form: `helloz`, `docker.io/helloz`, `gcr.io`. */
  isWhitelisted(canonicalName: string): boolean
  isDenied(canonicalName: string): boolean
  project(name: string): ProjectRights | undefined
}

export interface ProjectRights {
  readonly id: number
  readonly name: string
  /** Anyone may pull. */
  readonly isPublic: boolean
  /** What a member may do: `[]` for somebody who is none. Members are pull users and web users (by their keys). */
  actionsOf(subject: Subject): readonly Action[]
}
