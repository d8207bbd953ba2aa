import { bigint, boolean, index, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core"
import { projects } from "./targets.ts"

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

/** Repository prefixes, whole path components, that are open to everybody, or closed. */
export const whitelists = pgTable(
  "whitelists",
  {
    id: bigint("id", { mode: "number" }).generatedByDefaultAsIdentity().primaryKey(),
    effect: text("effect").notNull(),
    prefix: text("prefix").notNull(),
    createdAt: bigint("created_at", { mode: "number" }).notNull(),
  },
  (table) => [uniqueIndex("whitelists_prefix").on(table.effect, table.prefix)],
)

/** Places of pull users and web users in projects. */
export const projectMembers = pgTable(
  "project_members",
  {
    projectId: bigint("project_id", { mode: "number" })
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    kind: text("kind").notNull(),
    memberId: bigint("member_id", { mode: "number" }).notNull(),
    role: text("role").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.kind, table.memberId] }),
    index("project_members_member").on(table.kind, table.memberId),
  ],
)
