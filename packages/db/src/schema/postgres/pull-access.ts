import { bigint, boolean, index, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core"

/** Who may pull from the /v2 server; a population of its own beside the web users. */
export const pullUsers = pgTable(
  "pull_users",
  {
    id: bigint("id", { mode: "number" }).generatedByDefaultAsIdentity().primaryKey(),
    name: text("name").notNull(),
    passwordHash: text("password_hash").notNull(),
    disabled: boolean("disabled").notNull(),
    createdAt: bigint("created_at", { mode: "number" }).notNull(),
    updatedAt: bigint("updated_at", { mode: "number" }).notNull(),
  },
  (table) => [uniqueIndex("pull_users_name").on(table.name)],
)

/** Repository prefixes, whole path components, that a pull user is limited to. */
export const whitelists = pgTable(
  "whitelists",
  {
    pullUserId: bigint("pull_user_id", { mode: "number" })
      .notNull()
      .references(() => pullUsers.id, { onDelete: "cascade" }),
    prefix: text("prefix").notNull(),
    createdAt: bigint("created_at", { mode: "number" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.pullUserId, table.prefix] })],
)

export const accessLog = pgTable(
  "access_log",
  {
    id: bigint("id", { mode: "number" }).generatedByDefaultAsIdentity().primaryKey(),
    at: bigint("at", { mode: "number" }).notNull(),
    userName: text("user_name"),
    address: text("address").notNull(),
    method: text("method").notNull(),
    repository: text("repository").notNull(),
    reference: text("reference").notNull(),
    status: bigint("status", { mode: "number" }).notNull(),
    sizeBytes: bigint("size_bytes", { mode: "number" }).notNull(),
    cache: text("cache"),
  },
  (table) => [index("access_log_at").on(table.at)],
)
