import type { RepositoryTally, ServedTally, UpstreamTally } from "./served-store.ts"

/** What is counted of everything served. */
export const servedNames = [
  "requests",
  "pulls",
  "refused",
  "failures",
  "hits",
  "stale",
  "misses",
  "bytesSent",
  "bytesPushed",
  "bytesFetched",
] as const satisfies readonly (keyof ServedTally)[]

/** What is counted of an upstream. */
export const upstreamNames = [
  "requests",
  "failures",
  "waitMs",
  "bytesFetched",
] as const satisfies readonly (keyof UpstreamTally)[]

/** What is counted of a repository. */
export const repositoryNames = ["pulls", "bytesSent"] as const satisfies readonly (keyof RepositoryTally)[]
