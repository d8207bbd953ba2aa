import { sql } from "drizzle-orm"
import { type AnyPgColumn, bigint, boolean, index, pgTable, primaryKey, text } from "drizzle-orm/pg-core"

export const jobs = pgTable(
  "jobs",
  {
    id: bigint("id", { mode: "number" }).generatedByDefaultAsIdentity().primaryKey(),
    kind: text("kind").notNull(),
    parentId: bigint("parent_id", { mode: "number" }).references((): AnyPgColumn => jobs.id, { onDelete: "cascade" }),
    ownerId: bigint("owner_id", { mode: "number" }).notNull(),
    runner: text("runner").notNull(),
    source: text("source").notNull(),
    target: text("target").notNull(),
    sourceHost: text("source_host").notNull(),
    targetHost: text("target_host").notNull(),
    request: text("request").notNull(),
    state: text("state").notNull(),
    waitReason: text("wait_reason"),
    waitUntil: bigint("wait_until", { mode: "number" }),
    priority: bigint("priority", { mode: "number" }).notNull(),
    stage: text("stage"),
    attempts: bigint("attempts", { mode: "number" }).notNull(),
    cancelRequested: boolean("cancel_requested").notNull(),
    targetId: bigint("target_id", { mode: "number" }),
    credentialSides: text("credential_sides").notNull(),
    /** Process that remembers them. */
    credentialsHolder: text("credentials_holder"),
    /** Raised with every lease; only who shows the newest may write. */
    fence: bigint("fence", { mode: "number" }).notNull(),
    /** Process that runs it. */
    runnerId: text("runner_id"),
    digest: text("digest"),
    unchanged: boolean("unchanged").notNull(),
    failure: text("failure"),
    /** The failure's text alone, for people who query the file directly. */
    errorMessage: text("error_message"),
    totals: text("totals"),
    progress: text("progress"),
    revision: bigint("revision", { mode: "number" }).notNull(),
    lastSequence: bigint("last_sequence", { mode: "number" }).notNull(),
    createdAt: bigint("created_at", { mode: "number" }).notNull(),
    startedAt: bigint("started_at", { mode: "number" }),
    endedAt: bigint("ended_at", { mode: "number" }),
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

export const jobEvents = pgTable(
  "job_events",
  {
    jobId: bigint("job_id", { mode: "number" })
      .notNull()
      .references(() => jobs.id, { onDelete: "cascade" }),
    sequence: bigint("sequence", { mode: "number" }).notNull(),
    at: bigint("at", { mode: "number" }).notNull(),
    event: text("event").notNull(),
  },
  (table) => [primaryKey({ columns: [table.jobId, table.sequence] })],
)

/** Jobs that were taken out of the history, for followers who still show them. */
export const removedJobs = pgTable(
  "removed_jobs",
  {
    jobId: bigint("job_id", { mode: "number" }).primaryKey(),
    ownerId: bigint("owner_id", { mode: "number" }).notNull(),
    revision: bigint("revision", { mode: "number" }).notNull(),
    removedAt: bigint("removed_at", { mode: "number" }).notNull(),
  },
  (table) => [index("removed_jobs_revision").on(table.revision), index("removed_jobs_at").on(table.removedAt)],
)

/** Which numbers the jobs of an hour have: a time range becomes a range of numbers, however clocks were set. */
export const jobHours = pgTable("job_hours", {
  hour: bigint("hour", { mode: "number" }).primaryKey(),
  firstId: bigint("first_id", { mode: "number" }).notNull(),
  lastId: bigint("last_id", { mode: "number" }).notNull(),
})

/** How many mirrors each owner has in each state; triggers of `jobs` keep it, since counting a long history takes long. */
export const jobCounts = pgTable(
  "job_counts",
  {
    ownerId: bigint("owner_id", { mode: "number" }).notNull(),
    state: text("state").notNull(),
    count: bigint("count", { mode: "number" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.ownerId, table.state] })],
)

/** When each owner was last served, counted in revisions. */
export const queueTurns = pgTable("queue_turns", {
  ownerId: bigint("owner_id", { mode: "number" }).primaryKey(),
  turn: bigint("turn", { mode: "number" }).notNull(),
})

/** Processes that run jobs. */
export const runners = pgTable("runners", {
  id: text("id").primaryKey(),
  registeredAt: bigint("registered_at", { mode: "number" }).notNull(),
  seenAt: bigint("seen_at", { mode: "number" }).notNull(),
})
