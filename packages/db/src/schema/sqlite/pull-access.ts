import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core"
import { projects } from "./targets.ts"

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

/** Repository prefixes, whole path components, that are open to everybody, or closed. */
export const whitelists = sqliteTable(
  "whitelists",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    effect: text("effect").notNull(),
    prefix: text("prefix").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [uniqueIndex("whitelists_prefix").on(table.effect, table.prefix)],
)

/** Places of pull users and web users in projects. */
export const projectMembers = sqliteTable(
  "project_members",
  {
    projectId: integer("project_id")
      .notNull()
      .references(() => projects.id, { onDelete: "cascade" }),
    kind: text("kind").notNull(),
    memberId: integer("member_id").notNull(),
    role: text("role").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.projectId, table.kind, table.memberId] }),
    index("project_members_member").on(table.kind, table.memberId),
  ],
)
