import { integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core"

/** What /v2 served, by the hour. */
export const servedHours = sqliteTable("served_hours", {
  /** Hours since 1970. */
  hour: integer("hour").primaryKey(),
  requests: integer("requests").notNull(),
  pulls: integer("pulls").notNull(),
  refused: integer("refused").notNull(),
  failures: integer("failures").notNull(),
  hits: integer("hits").notNull(),
  stale: integer("stale").notNull(),
  misses: integer("misses").notNull(),
  bytesSent: integer("bytes_sent").notNull(),
  bytesPushed: integer("bytes_pushed").notNull(),
  bytesFetched: integer("bytes_fetched").notNull(),
})

/** What upstreams were asked for, by the hour. */
export const upstreamHours = sqliteTable(
  "upstream_hours",
  {
    /** Hours since 1970. */
    hour: integer("hour").notNull(),
    host: text("host").notNull(),
    requests: integer("requests").notNull(),
    failures: integer("failures").notNull(),
    waitMs: integer("wait_ms").notNull(),
    bytesFetched: integer("bytes_fetched").notNull(),
  },
  (table) => [primaryKey({ columns: [table.hour, table.host] })],
)

/** The same by the day of UTC: a year of hours is too much to be added up. */
export const upstreamDays = sqliteTable(
  "upstream_days",
  {
    /** Days since 1970. */
    day: integer("day").notNull(),
    host: text("host").notNull(),
    requests: integer("requests").notNull(),
    failures: integer("failures").notNull(),
    waitMs: integer("wait_ms").notNull(),
    bytesFetched: integer("bytes_fetched").notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.host] })],
)

/** Numbers for the names of repositories that something was pulled from; those of the warehouse go with what is in it. */
export const pulledRepositories = sqliteTable(
  "pulled_repositories",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    name: text("name").notNull(),
  },
  (table) => [uniqueIndex("pulled_repositories_name").on(table.name)],
)

/** What was pulled, by the day of UTC. */
export const repositoryDays = sqliteTable(
  "repository_days",
  {
    /** Days since 1970. */
    day: integer("day").notNull(),
    repositoryId: integer("repository_id")
      .notNull()
      .references(() => pulledRepositories.id),
    pulls: integer("pulls").notNull(),
    bytesSent: integer("bytes_sent").notNull(),
  },
  (table) => [primaryKey({ columns: [table.day, table.repositoryId] })],
)

/** The same by the month of UTC. */
export const repositoryMonths = sqliteTable(
  "repository_months",
  {
    /** Months since January 1970. */
    month: integer("month").notNull(),
    repositoryId: integer("repository_id")
      .notNull()
      .references(() => pulledRepositories.id),
    pulls: integer("pulls").notNull(),
    bytesSent: integer("bytes_sent").notNull(),
  },
  (table) => [primaryKey({ columns: [table.month, table.repositoryId] })],
)
