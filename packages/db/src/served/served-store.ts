/** What /v2 served in a span of time. */
export interface ServedTally {
  /** All that the access log tells of, but those for a token. */
  readonly requests: number
  /** Manifests that were asked for by tag and found, by HEAD or GET: clients ask so once for an image that they pull by name, and then by digest. */
  readonly pulls: number
  /** Refused for want of a right, or asked to wait: 403 and 429, and 401 to a login, where credentials were shown. Elsewhere 401 asks for a login. */
  readonly refused: number
  /** Answered with 500 or more, logins included. */
  readonly failures: number
  /**
   * Manifests and blobs that were given, whole or in part, and were here: as they are, after the upstream was asked whether they still hold, or though
   * it could not be asked.
   */
  readonly hits: number
  /** Of the hits, those that were served old since no upstream answered. */
  readonly stale: number
  /** Manifests and blobs that an upstream had to send. */
  readonly misses: number
  readonly bytesSent: number
  /** By clients. */
  readonly bytesPushed: number
  /** From upstreams. */
  readonly bytesFetched: number
}

/** What one upstream did in a span of time. */
export interface UpstreamTally {
  /** `host[:port]`. */
  readonly host: string
  readonly requests: number
  /** Requests without an answer that could be used: connection, TLS, 429, 500 and more, nonsense. That there is none, or none for us, is an answer. */
  readonly failures: number
  /** Sum over the others of the time to the answer's head, milliseconds. */
  readonly waitMs: number
  readonly bytesFetched: number
}

/** What was pulled of one repository in a span of time. */
export interface RepositoryTally {
  /** Full name here: `docker.io/library/nginx`, `team/app`. */
  readonly repository: string
  /** As ServedTally.pulls. */
  readonly pulls: number
  readonly bytesSent: number
}

/** What was counted within one hour since it was last told. */
export interface ServedCount extends ServedTally {
  /** Whole hours since 1970. */
  readonly hour: number
  readonly upstreams: readonly UpstreamTally[]
  readonly repositories: readonly RepositoryTally[]
}

/**
 * Counts of what the registry served, by the hour; repositories by the day of UTC, and by the month for long spans. They stay when the access log is
 * cleared. Hours are whole hours since 1970, in their order; n + 1 of them bound n steps.
 */
export interface ServedStore {
  /** Adds to what was counted before: all of it or nothing. It is on disk a moment after it resolves: a power cut may take the last of it back. */
  add(counts: readonly ServedCount[]): Promise<void>
  /** One tally a step, and those of the whole span by upstream: all that were asked anything, in no order. */
  tallies(
    hours: readonly number[],
  ): Promise<{ readonly steps: readonly ServedTally[]; readonly upstreams: readonly UpstreamTally[] }>
  /** The most pulled first. Days are whole days since 1970, `until` excluded. */
  mostPulled(query: {
    readonly since: number
    readonly until: number
    readonly limit: number
  }): Promise<readonly RepositoryTally[]>
}
