import { sql } from "drizzle-orm"
import { type AnySQLiteColumn, index, integer, primaryKey, sqliteTable, text } from "drizzle-orm/sqlite-core"

export const jobs = sqliteTable(
  "jobs",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    kind: text("kind").notNull(),
    parentId: integer("parent_id").references((): AnySQLiteColumn => jobs.id, { onDelete: "cascade" }),
    ownerId: integer("owner_id").notNull(),
    runner: text("runner").notNull(),
    source: text("source").notNull(),
    target: text("target").notNull(),
    sourceHost: text("source_host").notNull(),
    targetHost: text("target_host").notNull(),
    request: text("request").notNull(),
    state: text("state").notNull(),
    waitReason: text("wait_reason"),
    waitUntil: integer("wait_until"),
    priority: integer("priority").notNull(),
    stage: text("stage"),
    attempts: integer("attempts").notNull(),
    cancelRequested: integer("cancel_requested", { mode: "boolean" }).notNull(),
    targetId: integer("target_id"),
    credentialSides: text("credential_sides").notNull(),
    /** Process that remembers them. */
    credentialsHolder: text("credentials_holder"),
    /** Raised with every lease; only who shows the newest may write. */
    fence: integer("fence").notNull(),
    /** Process that runs it. */
    runnerId: text("runner_id"),
    digest: text("digest"),
    unchanged: integer("unchanged", { mode: "boolean" }).notNull(),
    failure: text("failure"),
    /** The failure's text alone, for people who query the file directly. */
    errorMessage: text("error_message"),
    totals: text("totals"),
    progress: text("progress"),
    revision: integer("revision").notNull(),
    lastSequence: integer("last_sequence").notNull(),
    createdAt: integer("created_at").notNull(),
    startedAt: integer("started_at"),
    endedAt: integer("ended_at"),
  },
  (table) => [
    index("jobs_parent").on(table.parentId, table.state, table.id).where(sql`parent_id is not null`),
    index("jobs_state").on(table.state, table.id, table.parentId, table.createdAt),
    index("jobs_owner").on(
      table.ownerId,
      table.state,
      table.id,
      table.parentId,
      table.createdAt,
      table.sourceHost,
      table.targetHost,
    ),
    index("jobs_source_host").on(table.sourceHost, table.state, table.id, table.parentId, table.createdAt),
    index("jobs_target_host").on(table.targetHost, table.state, table.id, table.parentId, table.createdAt),
    index("jobs_revision").on(table.revision),
    index("jobs_top").on(table.id).where(sql`parent_id is null`),
    index("jobs_queue")
      .on(table.ownerId, table.priority, table.id, table.credentialsHolder)
      .where(sql`state = 'queued' and kind = 'mirror' and runner = 'server'`),
    index("jobs_runner").on(table.runnerId).where(sql`state = 'running'`),
    index("jobs_credentials").on(table.credentialsHolder).where(sql`credentials_holder is not null`),
    index("jobs_wait").on(table.waitUntil).where(sql`state = 'waiting'`),
  ],
)

export const jobEvents = sqliteTable(
  "job_events",
  {
    jobId: integer("job_id")
      .notNull()
      .references(() => jobs.id, { onDelete: "cascade" }),
    sequence: integer("sequence").notNull(),
    at: integer("at").notNull(),
    event: text("event").notNull(),
  },
  (table) => [primaryKey({ columns: [table.jobId, table.sequence] })],
)

/** Jobs that were taken out of the history, for followers who still show them. */
export const removedJobs = sqliteTable(
  "removed_jobs",
  {
    jobId: integer("job_id").primaryKey(),
    ownerId: integer("owner_id").notNull(),
    revision: integer("revision").notNull(),
    removedAt: integer("removed_at").notNull(),
  },
  (table) => [index("removed_jobs_revision").on(table.revision), index("removed_jobs_at").on(table.removedAt)],
)

/** Which numbers the jobs of an hour have: a time range becomes a range of numbers, however clocks were set. */
export const jobHours = sqliteTable("job_hours", {
  hour: integer("hour").primaryKey(),
  firstId: integer("first_id").notNull(),
  lastId: integer("last_id").notNull(),
})

/** How many mirrors each owner has in each state; triggers of `jobs` keep it, since counting a long history takes long. */
export const jobCounts = sqliteTable(
  "job_counts",
  {
    ownerId: integer("owner_id").notNull(),
    state: text("state").notNull(),
    count: integer("count").notNull(),
  },
  (table) => [primaryKey({ columns: [table.ownerId, table.state] })],
)

/** When each owner was last served, counted in revisions. */
export const queueTurns = sqliteTable("queue_turns", {
  ownerId: integer("owner_id").primaryKey(),
  turn: integer("turn").notNull(),
})

/** Processes that run jobs. */
export const runners = sqliteTable("runners", {
  id: text("id").primaryKey(),
  registeredAt: integer("registered_at").notNull(),
  seenAt: integer("seen_at").notNull(),
})
