import { index, integer, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core"

/** Remotes that the /v2 server reads through. */
export const upstreams = sqliteTable(
  "upstreams",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    name: text("name").notNull(),
    /** `docker.io`: whose images it serves. */
    registry: text("registry").notNull(),
    url: text("url").notNull(),
    pathPrefix: text("path_prefix").notNull(),
    priority: integer("priority").notNull(),
    enabled: integer("enabled", { mode: "boolean" }).notNull(),
    /** JSON, an array of names. */
    virtualHosts: text("virtual_hosts").notNull(),
    tagLifetimeMs: integer("tag_lifetime_ms"),
    tlsVerify: integer("tls_verify", { mode: "boolean" }).notNull(),
    ca: text("ca"),
    username: text("username"),
    sealed: text("sealed"),
    version: integer("version").notNull(),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [uniqueIndex("upstreams_name").on(table.name), index("upstreams_registry").on(table.registry, table.priority)],
)
