import { sql } from "drizzle-orm"
import { bigint, boolean, customType, foreignKey, index, pgTable, primaryKey, text, uniqueIndex } from "drizzle-orm/pg-core"
import { projects } from "./targets.ts"

const bytea = customType<{ data: Buffer }>({ dataType: () => "bytea" })

/** Repositories of the warehouse: hosted in a project, or read through the upstreams of a registry. */
export const repositories = pgTable(
  "repositories",
  {
    id: bigint("id", { mode: "number" }).generatedByDefaultAsIdentity().primaryKey(),
    name: text("name").notNull(),
    projectId: bigint("project_id", { mode: "number" }).references(() => projects.id),
    registry: text("registry"),
    shared: boolean("shared").notNull(),
    createdAt: bigint("created_at", { mode: "number" }).notNull(),
    usedAt: bigint("used_at", { mode: "number" }).notNull(),
  },
  (table) => [
    uniqueIndex("repositories_name").on(table.name),
    index("repositories_project").on(table.projectId, table.name),
    index("repositories_registry").on(table.registry, table.name),
  ],
)

/** Bytes of manifests, each once, while any repository has it. */
export const manifestContents = pgTable("manifest_contents", {
  digest: text("digest").primaryKey(),
  bytes: bytea("bytes").notNull(),
})

/** What a manifest names, once for all repositories that have it. */
export const manifestReferences = pgTable(
  "manifest_references",
  {
    manifestDigest: text("manifest_digest")
      .notNull()
      .references(() => manifestContents.digest, { onDelete: "cascade" }),
    digest: text("digest").notNull(),
    kind: text("kind").notNull(),
    sizeBytes: bigint("size_bytes", { mode: "number" }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.manifestDigest, table.digest, table.kind] }),
    index("manifest_references_digest").on(table.digest, table.kind, table.manifestDigest),
  ],
)

export const manifests = pgTable(
  "manifests",
  {
    repositoryId: bigint("repository_id", { mode: "number" })
      .notNull()
      .references(() => repositories.id, { onDelete: "cascade" }),
    digest: text("digest")
      .notNull()
      .references(() => manifestContents.digest),
    mediaType: text("media_type").notNull(),
    sizeBytes: bigint("size_bytes", { mode: "number" }).notNull(),
    artifactType: text("artifact_type"),
    subject: text("subject"),
    /** JSON, an object of texts. */
    annotations: text("annotations"),
    createdAt: bigint("created_at", { mode: "number" }).notNull(),
    usedAt: bigint("used_at", { mode: "number" }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.repositoryId, table.digest] }),
    index("manifests_digest").on(table.digest),
    index("manifests_subject").on(table.repositoryId, table.subject, table.digest).where(sql`subject is not null`),
    index("manifests_used").on(table.usedAt),
  ],
)

/** A tag cannot outlive its manifest: the database itself sees to it (S10). */
export const tags = pgTable(
  "tags",
  {
    repositoryId: bigint("repository_id", { mode: "number" }).notNull(),
    name: text("name").notNull(),
    digest: text("digest").notNull(),
    checkedAt: bigint("checked_at", { mode: "number" }).notNull(),
    updatedAt: bigint("updated_at", { mode: "number" }).notNull(),
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
export const blobs = pgTable(
  "blobs",
  {
    digest: text("digest").primaryKey(),
    sizeBytes: bigint("size_bytes", { mode: "number" }).notNull(),
    /** Some manifest names it, so that garbage is found without a look at all the rest. */
    named: boolean("named").notNull(),
    createdAt: bigint("created_at", { mode: "number" }).notNull(),
    usedAt: bigint("used_at", { mode: "number" }).notNull(),
    verifiedAt: bigint("verified_at", { mode: "number" }).notNull(),
  },
  (table) => [index("blobs_unnamed").on(table.usedAt).where(sql`not named`)],
)

/** Through which repository a blob may be read: the right is here, the bytes are in `blobs`, and may be away (S6). */
export const blobLinks = pgTable(
  "blob_links",
  {
    repositoryId: bigint("repository_id", { mode: "number" })
      .notNull()
      .references(() => repositories.id, { onDelete: "cascade" }),
    digest: text("digest").notNull(),
    createdAt: bigint("created_at", { mode: "number" }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.repositoryId, table.digest] }), index("blob_links_digest").on(table.digest)],
)

/** Uploads that have begun. */
export const uploads = pgTable(
  "uploads",
  {
    id: text("id").primaryKey(),
    repositoryId: bigint("repository_id", { mode: "number" })
      .notNull()
      .references(() => repositories.id, { onDelete: "cascade" }),
    algorithm: text("algorithm").notNull(),
    startedAt: bigint("started_at", { mode: "number" }).notNull(),
  },
  (table) => [index("uploads_repository").on(table.repositoryId), index("uploads_started").on(table.startedAt)],
)
