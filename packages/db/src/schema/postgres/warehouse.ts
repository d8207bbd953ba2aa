import { bigint, boolean, index, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core"
import { projects } from "./targets.ts"

/** Remotes that the /v2 server reads through. */
export const upstreams = pgTable(
  "upstreams",
  {
    id: bigint("id", { mode: "number" }).generatedByDefaultAsIdentity().primaryKey(),
    name: text("name").notNull(),
    host: text("host").notNull(),
    plainHttp: boolean("plain_http").notNull(),
    tlsVerify: boolean("tls_verify").notNull(),
    username: text("username"),
    sealed: text("sealed"),
    version: bigint("version", { mode: "number" }).notNull(),
    enabled: boolean("enabled").notNull(),
    tagLifetimeMs: bigint("tag_lifetime_ms", { mode: "number" }),
    createdAt: bigint("created_at", { mode: "number" }).notNull(),
    updatedAt: bigint("updated_at", { mode: "number" }).notNull(),
  },
  (table) => [uniqueIndex("upstreams_name").on(table.name)],
)

/** Repositories of the warehouse: hosted in a project, or read through an upstream. */
export const repositories = pgTable(
  "repositories",
  {
    id: bigint("id", { mode: "number" }).generatedByDefaultAsIdentity().primaryKey(),
    name: text("name").notNull(),
    projectId: bigint("project_id", { mode: "number" }).references(() => projects.id),
    upstreamId: bigint("upstream_id", { mode: "number" }).references(() => upstreams.id),
    createdAt: bigint("created_at", { mode: "number" }).notNull(),
  },
  (table) => [uniqueIndex("repositories_name").on(table.name)],
)

export const manifests = pgTable(
  "manifests",
  {
    repositoryId: bigint("repository_id", { mode: "number" })
      .notNull()
      .references(() => repositories.id, { onDelete: "cascade" }),
    digest: text("digest").notNull(),
    mediaType: text("media_type").notNull(),
    sizeBytes: bigint("size_bytes", { mode: "number" }).notNull(),
    artifactType: text("artifact_type"),
    subject: text("subject"),
    createdAt: bigint("created_at", { mode: "number" }).notNull(),
    usedAt: bigint("used_at", { mode: "number" }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.repositoryId, table.digest] }),
    index("manifests_subject").on(table.repositoryId, table.subject),
  ],
)

export const tags = pgTable(
  "tags",
  {
    repositoryId: bigint("repository_id", { mode: "number" })
      .notNull()
      .references(() => repositories.id, { onDelete: "cascade" }),
    name: text("name").notNull(),
    digest: text("digest").notNull(),
    checkedAt: bigint("checked_at", { mode: "number" }).notNull(),
    updatedAt: bigint("updated_at", { mode: "number" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.repositoryId, table.name] })],
)

/** Bytes that are in the warehouse, each once, whoever may see them. */
export const blobs = pgTable(
  "blobs",
  {
    digest: text("digest").primaryKey(),
    sizeBytes: bigint("size_bytes", { mode: "number" }).notNull(),
    createdAt: bigint("created_at", { mode: "number" }).notNull(),
    usedAt: bigint("used_at", { mode: "number" }).notNull(),
    verifiedAt: bigint("verified_at", { mode: "number" }),
  },
  (table) => [index("blobs_used").on(table.usedAt)],
)

/** Through which repository a blob may be read: the right is here, the bytes are in `blobs` (S6). */
export const blobLinks = pgTable(
  "blob_links",
  {
    repositoryId: bigint("repository_id", { mode: "number" })
      .notNull()
      .references(() => repositories.id, { onDelete: "cascade" }),
    digest: text("digest")
      .notNull()
      .references(() => blobs.digest),
    createdAt: bigint("created_at", { mode: "number" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.repositoryId, table.digest] }), index("blob_links_digest").on(table.digest)],
)
