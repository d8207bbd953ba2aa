import { bigint, boolean, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core"

export const targets = pgTable("targets", {
  id: bigint("id", { mode: "number" }).generatedByDefaultAsIdentity().primaryKey(),
  ownerId: bigint("owner_id", { mode: "number" }).notNull(),
  shared: boolean("shared").notNull(),
  name: text("name").notNull(),
  host: text("host").notNull(),
  project: text("project").notNull(),
  naming: text("naming").notNull(),
  plainHttp: boolean("plain_http").notNull(),
  tlsVerify: boolean("tls_verify").notNull(),
  ca: text("ca"),
  username: text("username"),
  sealed: text("sealed"),
  version: bigint("version", { mode: "number" }).notNull(),
  createdAt: bigint("created_at", { mode: "number" }).notNull(),
  updatedAt: bigint("updated_at", { mode: "number" }).notNull(),
})

export const projects = pgTable(
  "projects",
  {
    id: bigint("id", { mode: "number" }).generatedByDefaultAsIdentity().primaryKey(),
    name: text("name").notNull(),
    ownerId: bigint("owner_id", { mode: "number" }).notNull(),
    targetId: bigint("target_id", { mode: "number" }).references(() => targets.id, { onDelete: "set null" }),
    path: text("path").notNull(),
    createdAt: bigint("created_at", { mode: "number" }).notNull(),
    isPublic: boolean("is_public").notNull().default(false),
  },
  (table) => [uniqueIndex("projects_name").on(table.name)],
)
