import { sql } from "drizzle-orm"
import { blob, foreignKey, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core"
import { projects } from "./targets.ts"

/** Repositories of the warehouse: hosted in a project, or read through the upstreams of a registry. */
export const repositories = sqliteTable(
  "repositories",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    name: text("name").notNull(),
    projectId: integer("project_id").references(() => projects.id),
    registry: text("registry"),
    shared: integer("shared", { mode: "boolean" }).notNull(),
    createdAt: integer("created_at").notNull(),
    usedAt: integer("used_at").notNull(),
  },
  (table) => [
    uniqueIndex("repositories_name").on(table.name),
    index("repositories_project").on(table.projectId, table.name),
    index("repositories_registry").on(table.registry, table.name),
  ],
)

/** Bytes of manifests, each once, while any repository has it. */
export const manifestContents = sqliteTable("manifest_contents", {
  digest: text("digest").primaryKey(),
  bytes: blob("bytes", { mode: "buffer" }).notNull(),
})

/** What a manifest names, once for all repositories that have it. */
export const manifestReferences = sqliteTable(
  "manifest_references",
  {
    manifestDigest: text("manifest_digest")
      .notNull()
      .references(() => manifestContents.digest, { onDelete: "cascade" }),
    digest: text("digest").notNull(),
    kind: text("kind").notNull(),
    sizeBytes: integer("size_bytes").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.manifestDigest, table.digest, table.kind] }),
    index("manifest_references_digest").on(table.digest, table.kind, table.manifestDigest),
  ],
)

export const manifests = sqliteTable(
  "manifests",
  {
    repositoryId: integer("repository_id")
      .notNull()
      .references(() => repositories.id, { onDelete: "cascade" }),
    digest: text("digest")
      .notNull()
      .references(() => manifestContents.digest),
    mediaType: text("media_type").notNull(),
    sizeBytes: integer("size_bytes").notNull(),
    artifactType: text("artifact_type"),
    subject: text("subject"),
    /** JSON, an object of texts. */
    annotations: text("annotations"),
    createdAt: integer("created_at").notNull(),
    usedAt: integer("used_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.repositoryId, table.digest] }),
    index("manifests_digest").on(table.digest),
    index("manifests_subject").on(table.repositoryId, table.subject, table.digest).where(sql`subject is not null`),
    index("manifests_used").on(table.usedAt),
  ],
)

/** A tag cannot outlive its manifest: the database itself sees to it (S10). */
export const tags = sqliteTable(
  "tags",
  {
    repositoryId: integer("repository_id").notNull(),
    name: text("name").notNull(),
    digest: text("digest").notNull(),
    checkedAt: integer("checked_at").notNull(),
    updatedAt: integer("updated_at").notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.repositoryId, table.name] }),
    index("tags_digest").on(table.repositoryId, table.digest),
    foreignKey({
      columns: [table.repositoryId, table.digest],
      foreignColumns: [manifests.repositoryId, manifests.digest],
    }).onDelete("cascade"),
  ],
)

/** Bytes that are in the warehouse, each once, whoever may see them. */
export const blobs = sqliteTable(
  "blobs",
  {
    digest: text("digest").primaryKey(),
    sizeBytes: integer("size_bytes").notNull(),
    /** Some manifest names it, so that garbage is found without a look at all the rest. */
    named: integer("named", { mode: "boolean" }).notNull(),
    createdAt: integer("created_at").notNull(),
    usedAt: integer("used_at").notNull(),
    verifiedAt: integer("verified_at").notNull(),
  },
  (table) => [index("blobs_unnamed").on(table.usedAt).where(sql`not named`)],
)

/** Through which repository a blob may be read: the right is here, the bytes are in `blobs`, and may be away (S6). */
export const blobLinks = sqliteTable(
  "blob_links",
  {
    repositoryId: integer("repository_id")
      .notNull()
      .references(() => repositories.id, { onDelete: "cascade" }),
    digest: text("digest").notNull(),
    createdAt: integer("created_at").notNull(),
  },
  (table) => [primaryKey({ columns: [table.repositoryId, table.digest] }), index("blob_links_digest").on(table.digest)],
)

/** Uploads that have begun. */
export const uploads = sqliteTable(
  "uploads",
  {
    id: text("id").primaryKey(),
    repositoryId: integer("repository_id")
      .notNull()
      .references(() => repositories.id, { onDelete: "cascade" }),
    algorithm: text("algorithm").notNull(),
    startedAt: integer("started_at").notNull(),
  },
  (table) => [index("uploads_repository").on(table.repositoryId), index("uploads_started").on(table.startedAt)],
)
