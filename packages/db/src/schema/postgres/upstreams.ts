import { bigint, boolean, index, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core"

/** Remotes that the /v2 server reads through. */
export const upstreams = pgTable(
  "upstreams",
  {
    id: bigint("id", { mode: "number" }).generatedByDefaultAsIdentity().primaryKey(),
    name: text("name").notNull(),
    /** `docker.io`: whose images it serves. */
    registry: text("registry").notNull(),
    url: text("url").notNull(),
    pathPrefix: text("path_prefix").notNull(),
    priority: bigint("priority", { mode: "number" }).notNull(),
    enabled: boolean("enabled").notNull(),
    /** JSON, an array of names. */
    virtualHosts: text("virtual_hosts").notNull(),
    tagLifetimeMs: bigint("tag_lifetime_ms", { mode: "number" }),
    tlsVerify: boolean("tls_verify").notNull(),
    ca: text("ca"),
    username: text("username"),
    sealed: text("sealed"),
    version: bigint("version", { mode: "number" }).notNull(),
    createdAt: bigint("created_at", { mode: "number" }).notNull(),
    updatedAt: bigint("updated_at", { mode: "number" }).notNull(),
  },
  (table) => [uniqueIndex("upstreams_name").on(table.name), index("upstreams_registry").on(table.registry, table.priority)],
)
