/** One request to /v2 as the access log keeps it. */
export interface AccessEntry {
  /** Milliseconds since 1970. */
  readonly at: number
  /** Empty for anonymous. */
  readonly user: string
  readonly address: string
  /** `login` (the token endpoint), `pull` (manifest), `blob`, `push`, `delete`, `list`, `search`. */
  readonly action: "login" | "pull" | "blob" | "push" | "delete" | "list" | "search"
  readonly method: string
  /** Full name here; empty where the request names none. */
  readonly repository: string
  /** Tag, digest, or search words. */
  readonly reference: string
  readonly status: number
  /** Body bytes sent to the client, or taken from it for pushes. */
  readonly bytes: number
  readonly durationMs: number
  readonly cache: "hit" | "revalidated" | "miss" | "stale" | null
  /** `host[:port]` that was asked, or null. */
  readonly upstream: string | null
  readonly userAgent: string
}

/** Takes entries without ever making a request wait; when the database cannot keep up, entries are dropped and counted. */
export interface AccessLog {
  add(entry: AccessEntry): void
  /** Entries that were dropped since the start. */
  readonly dropped: number
  close(): Promise<void>
}
