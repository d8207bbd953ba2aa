import { bigint, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core"

/** What /v2 served, by the hour. */
export const servedHours = pgTable("served_hours", {
  /** Hours since 1970. */
  hour: bigint("hour", { mode: "number" }).primaryKey(),
  requests: bigint("requests", { mode: "number" }).notNull(),
  pulls: bigint("pulls", { mode: "number" }).notNull(),
  refused: bigint("refused", { mode: "number" }).notNull(),
  failures: bigint("failures", { mode: "number" }).notNull(),
  hits: bigint("hits", { mode: "number" }).notNull(),
  stale: bigint("stale", { mode: "number" }).notNull(),
  misses: bigint("misses", { mode: "number" }).notNull(),
  bytesSent: bigint("bytes_sent", { mode: "number" }).notNull(),
  bytesPushed: bigint("bytes_pushed", { mode: "number" }).notNull(),
  bytesFetched: bigint("bytes_fetched", { mode: "number" }).notNull(),
})

/** What upstreams were asked for, by the hour. */
export const upstreamHours = pgTable(
  "upstream_hours",
  {
    /** Hours since 1970. */
    hour: bigint("hour", { mode: "number" }).notNull(),
    host: text("host").notNull(),
    requests: bigint("requests", { mode: "number" }).notNull(),
    failures: bigint("failures", { mode: "number" }).notNull(),
    waitMs: bigint("wait_ms", { mode: "number" }).notNull(),
    bytesFetched: bigint("bytes_fetched", { mode: "number" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.hour, table.host] })],
)

/** The same by the day of UTC: a year of hours is too much to be added up. */
export const upstreamDays = pgTable(
  "upstream_days",
  {
    /** Days since 1970. */
    day: bigint("day", { mode: "number" }).notNull(),
    host: text("host").notNull(),
    requests: bigint("requests", { mode: "number" }).notNull(),
    failures: bigint("failures", { mode: "number" }).notNull(),
    waitMs: bigint("wait_ms", { mode: "number" }).notNull(),
    bytesFetched: bigint("bytes_fetched", { mode: "number" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.host] })],
)

/** Numbers for the names of repositories that something was pulled from; those of the warehouse go with what is in it. */
export const pulledRepositories = pgTable(
  "pulled_repositories",
  {
    id: bigint("id", { mode: "number" }).generatedByDefaultAsIdentity().primaryKey(),
    name: text("name").notNull(),
  },
  (table) => [uniqueIndex("pulled_repositories_name").on(table.name)],
)

/** What was pulled, by the day of UTC. */
export const repositoryDays = pgTable(
  "repository_days",
  {
    /** Days since 1970. */
    day: bigint("day", { mode: "number" }).notNull(),
    repositoryId: bigint("repository_id", { mode: "number" })
      .notNull()
      .references(() => pulledRepositories.id),
    pulls: bigint("pulls", { mode: "number" }).notNull(),
    bytesSent: bigint("bytes_sent", { mode: "number" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.repositoryId] })],
)

/** The same by the month of UTC. */
export const repositoryMonths = pgTable(
  "repository_months",
  {
    /** Months since January 1970. */
    month: bigint("month", { mode: "number" }).notNull(),
    repositoryId: bigint("repository_id", { mode: "number" })
      .notNull()
      .references(() => pulledRepositories.id),
    pulls: bigint("pulls", { mode: "number" }).notNull(),
    bytesSent: bigint("bytes_sent", { mode: "number" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.month, table.repositoryId] })],
)
