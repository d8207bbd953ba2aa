import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core"

/** Who may pull from the /v2 server; a population of its own beside the web users. */
export const pullUsers = sqliteTable(
  "pull_users",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    name: text("name").notNull(),
    passwordHash: text("password_hash").notNull(),
    disabled: integer("disabled", { mode: "boolean" }).notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [uniqueIndex("pull_users_name").on(table.name)],
)

/** Repository prefixes, whole path components, that a pull user is limited to. */
export const whitelists = sqliteTable(
  "whitelists",
  {
    pullUserId: integer("pull_user_id")
      .notNull()
      .references(() => pullUsers.id, { onDelete: "cascade" }),
    prefix: text("prefix").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.pullUserId, table.prefix] })],
)

export const accessLog = sqliteTable(
  "access_log",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    at: integer("at").notNull(),
    userName: text("user_name"),
    address: text("address").notNull(),
    method: text("method").notNull(),
    repository: text("repository").notNull(),
    reference: text("reference").notNull(),
    status: integer("status").notNull(),
    sizeBytes: integer("size_bytes").notNull(),
    cache: text("cache"),
  },
  (table) => [index("access_log_at").on(table.at)],
)
