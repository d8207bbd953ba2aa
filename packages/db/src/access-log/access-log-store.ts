/** One request to /v2, as it is kept. Fields as the registry's `AccessEntry`. */
export interface AccessRecord {
  readonly id: number
  readonly at: number
  readonly user: string
  readonly address: string
  readonly action: string
  readonly method: string
  readonly repository: string
  readonly reference: string
  readonly status: number
  readonly bytes: number
  readonly durationMs: number
  readonly cache: string | null
  readonly upstream: string | null
  readonly userAgent: string
}

export interface AccessLogQuery {
  /** Entries that come after the one of this number on the way back. */
  readonly before?: number | undefined
  readonly limit: number
  readonly user?: string | undefined
  readonly address?: string | undefined
  readonly action?: string | undefined
  /** The whole name, or with `/` at its end everything below it. */
  readonly repository?: string | undefined
  readonly cache?: string | undefined
  /** `200`, or `4` for 400 to 499. */
  readonly status?: number | undefined
  readonly from?: number | undefined
  readonly to?: number | undefined
}

export interface AccessLogStore {
  /**
   * All of them or none, in their order. Times are rounded to milliseconds. They are on disk a moment after it resolves: a power cut may take the last
   * of them back.
   */
  append(entries: readonly Omit<AccessRecord, "id">[]): Promise<void>
  /** By `at`, the newest first, and by number where that is the same. */
  list(query: AccessLogQuery): Promise<readonly AccessRecord[]>
  /** What was written after the entry of that number: the newest of it first, at most `limit`. */
  newest(after: number, limit: number): Promise<readonly AccessRecord[]>
  /** Number of the newest entry; 0 without any. */
  lastId(): Promise<number>
  /** Removes at most `limit` entries that are older; returns how many. */
  prune(before: number, limit: number): Promise<number>
  /** Removes all. Returns how many. */
  clear(): Promise<number>
}
