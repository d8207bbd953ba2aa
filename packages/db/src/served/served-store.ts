/** What /v2 served in a span of time. */
export interface ServedTally {
  /** All requests but those for a token. */
  readonly requests: number
  /** Manifests that were asked for by tag and given: one for every image that a client pulls by name. */
  readonly pulls: number
  /** Refused for want of a right: 401 and 403 where credentials were shown, and 429. */
  readonly refused: number
  /** Answered with 500 or more. */
  readonly failures: number
  /** Manifests and blobs that were here: as they are, after the upstream was asked whether they still hold, or though it could not be asked. */
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
  /** Requests without an answer that could be used: connection, TLS, 429, 500 and more. */
  readonly failures: number
  /** Sum over the others of the time to the answer's head, milliseconds. */
  readonly waitMs: number
  readonly bytesFetched: number
}

/** What was pulled of one repository in a span of time. */
export interface RepositoryTally {
  /** Full name here: `docker.io/library/nginx`, `team/app`. */
  readonly repository: string
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
  /** Adds to what was counted before: all of it or nothing. */
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
