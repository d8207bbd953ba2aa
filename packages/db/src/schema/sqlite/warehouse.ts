import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core"
import { projects } from "./targets.ts"

/** Remotes that the /v2 server reads through. */
export const upstreams = sqliteTable(
  "upstreams",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    name: text("name").notNull(),
    host: text("host").notNull(),
    plainHttp: integer("plain_http", { mode: "boolean" }).notNull(),
    tlsVerify: integer("tls_verify", { mode: "boolean" }).notNull(),
    username: text("username"),
    sealed: text("sealed"),
    version: integer("version").notNull(),
    enabled: integer("enabled", { mode: "boolean" }).notNull(),
    tagLifetimeMs: integer("tag_lifetime_ms"),
    createdAt: integer("created_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [uniqueIndex("upstreams_name").on(table.name)],
)

/** Repositories of the warehouse: hosted in a project, or read through an upstream. */
export const repositories = sqliteTable(
  "repositories",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    name: text("name").notNull(),
    projectId: integer("project_id").references(() => projects.id),
    upstreamId: integer("upstream_id").references(() => upstreams.id),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [uniqueIndex("repositories_name").on(table.name)],
)

export const manifests = sqliteTable(
  "manifests",
  {
    repositoryId: integer("repository_id")
      .notNull()
      .references(() => repositories.id, { onDelete: "cascade" }),
    digest: text("digest").notNull(),
    mediaType: text("media_type").notNull(),
    sizeBytes: integer("size_bytes").notNull(),
    artifactType: text("artifact_type"),
    subject: text("subject"),
    createdAt: integer("created_at").notNull(),
    usedAt: integer("used_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.repositoryId, table.digest] }),
    index("manifests_subject").on(table.repositoryId, table.subject),
  ],
)

export const tags = sqliteTable(
  "tags",
  {
    repositoryId: integer("repository_id")
      .notNull()
      .references(() => repositories.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    digest: text("digest").notNull(),
    checkedAt: integer("checked_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.repositoryId, table.name] })],
)

/** Bytes that are in the warehouse, each once, whoever may see them. */
export const blobs = sqliteTable(
  "blobs",
  {
    digest: text("digest").primaryKey(),
    sizeBytes: integer("size_bytes").notNull(),
    createdAt: integer("created_at").notNull(),
    usedAt: integer("used_at").notNull(),
    verifiedAt: integer("verified_at"),
  },
  (table) => [index("blobs_used").on(table.usedAt)],
)

/** Through which repository a blob may be read: the right is here, the bytes are in `blobs` (S6). */
export const blobLinks = sqliteTable(
  "blob_links",
  {
    repositoryId: integer("repository_id")
      .notNull()
      .references(() => repositories.id, { onDelete: "cascade" }),
    digest: text("digest")
      .notNull()
      .references(() => blobs.digest),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.repositoryId, table.digest] }), index("blob_links_digest").on(table.digest)],
)
