import { integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core"

export const targets = sqliteTable("targets", {
  id: integer("id").primaryKey({ autoIncrement: true }),
  ownerId: integer("owner_id").notNull(),
  shared: integer("shared", { mode: "boolean" }).notNull(),
  name: text("name").notNull(),
  host: text("host").notNull(),
  project: text("project").notNull(),
  naming: text("naming").notNull(),
  plainHttp: integer("plain_http", { mode: "boolean" }).notNull(),
  tlsVerify: integer("tls_verify", { mode: "boolean" }).notNull(),
  ca: text("ca"),
  username: text("username"),
  sealed: text("sealed"),
  version: integer("version").notNull(),
  createdAt: integer("created_at").notNull(),
  updatedAt: integer("updated_at").notNull(),
})

export const projects = sqliteTable(
  "projects",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    name: text("name").notNull(),
    ownerId: integer("owner_id").notNull(),
    targetId: integer("target_id").references(() => targets.id, { onDelete: "set null" }),
    path: text("path").notNull(),
    createdAt: integer("created_at").notNull(),
    isPublic: integer("is_public", { mode: "boolean" }).notNull().default(false),
  },
  (table) => [uniqueIndex("projects_name").on(table.name)],
)
