import { bigint, boolean, index, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core"

export const webUsers = pgTable(
  "web_users",
  {
    id: bigint("id", { mode: "number" }).generatedByDefaultAsIdentity().primaryKey(),
    name: text("name").notNull(),
    role: text("role").notNull(),
    passwordHash: text("password_hash"),
    disabled: boolean("disabled").notNull(),
    createdAt: bigint("created_at", { mode: "number" }).notNull(),
    updatedAt: bigint("updated_at", { mode: "number" }).notNull(),
  },
  (table) => [uniqueIndex("web_users_name").on(table.name)],
)

export const sessions = pgTable(
  "sessions",
  {
    idHash: text("id_hash").primaryKey(),
    userId: bigint("user_id", { mode: "number" })
      .notNull()
      .references(() => webUsers.id, { onDelete: "cascade" }),
    mustChange: boolean("must_change").notNull(),
    createdAt: bigint("created_at", { mode: "number" }).notNull(),
    seenAt: bigint("seen_at", { mode: "number" }).notNull(),
    address: text("address").notNull(),
  },
  (table) => [index("sessions_user").on(table.userId)],
)

export const apiKeys = pgTable(
  "api_keys",
  {
    id: text("id").primaryKey(),
    userId: bigint("user_id", { mode: "number" })
      .notNull()
      .references(() => webUsers.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    hash: text("hash").notNull(),
    scopes: text("scopes").notNull(),
    expiresAt: bigint("expires_at", { mode: "number" }),
    lastUsedAt: bigint("last_used_at", { mode: "number" }),
    createdAt: bigint("created_at", { mode: "number" }).notNull(),
  },
  (table) => [index("api_keys_user").on(table.userId)],
)

export const auditLog = pgTable("audit_log", {
  id: bigint("id", { mode: "number" }).generatedByDefaultAsIdentity().primaryKey(),
  at: bigint("at", { mode: "number" }).notNull(),
  actorId: bigint("actor_id", { mode: "number" }),
  actorName: text("actor_name").notNull(),
  action: text("action").notNull(),
  subject: text("subject").notNull(),
  outcome: text("outcome").notNull(),
  address: text("address").notNull(),
})
