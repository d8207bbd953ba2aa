import { type Digest, isDigest } from "@entrepot/core"
import { z } from "zod"
import type {
  ManifestPage,
  RegistryPlace,
  RegistryUsage,
  RepositoryPage,
  TagPage,
} from "../../registry/administration/registry-service.ts"

/** What is in this server's registry. */

export const digestSchema = z
  .custom<Digest>((value) => typeof value === "string" && isDigest(value))
  .meta({
    override: { type: "string", examples: ["sha256:…"] },
  })
const limitSchema = z.number().int().min(1).max(500).default(100)
const afterSchema = z.string().max(512).exactOptional()

const searchSchema = z.string().max(256).exactOptional()

export const repositoryNameSchema = z.string().min(1).max(512)
/** A tag or a digest. */
export const withinRepositorySchema = z.object({ repository: repositoryNameSchema, reference: z.string().min(1).max(256) })

export const placeSchema = z.object({
  origin: z.string(),
  registries: z.array(z.string()).readonly(),
  defaultRegistry: z.string(),
  host: z.string(),
  project: z.string(),
  open: z.boolean(),
}) satisfies z.ZodType<RegistryPlace>

export const repositoryQuerySchema = z.object({
  after: afterSchema,
  limit: limitSchema,
  project: z.string().max(256).exactOptional(),
  registry: z.string().max(256).exactOptional(),
  /** Part of a name. */
  search: searchSchema,
})

export const repositoryPageSchema = z.object({
  repositories: z
    .array(
      z
        .object({
          id: z.number(),
          name: z.string(),
          projectId: z.number().nullable(),
          registry: z.string().nullable(),
          shared: z.boolean(),
          createdAt: z.number(),
          usedAt: z.number(),
          tags: z.number(),
          manifests: z.number(),
          bytes: z.number(),
        })
        .meta({ id: "Repository" }),
    )
    .readonly(),
  next: z.string().nullable(),
}) satisfies z.ZodType<RepositoryPage>

/** A page of what is in one repository. */
export const withinQuerySchema = z.object({ repository: repositoryNameSchema, after: afterSchema, limit: limitSchema })
export const tagQuerySchema = withinQuerySchema.extend({
  /** Part of a tag. */
  search: searchSchema,
})

export const tagPageSchema = z.object({
  tags: z.array(z.object({ name: z.string(), digest: digestSchema, checkedAt: z.number(), updatedAt: z.number() })).readonly(),
  next: z.string().nullable(),
}) satisfies z.ZodType<TagPage>

export const manifestPageSchema = z.object({
  manifests: z
    .array(
      z.object({
        digest: digestSchema,
        mediaType: z.string(),
        sizeBytes: z.number(),
        artifactType: z.string().nullable(),
        subject: digestSchema.nullable(),
        annotations: z.record(z.string(), z.string()).readonly().nullable(),
        createdAt: z.number(),
        usedAt: z.number(),
      }),
    )
    .readonly(),
  next: z.string().nullable(),
}) satisfies z.ZodType<ManifestPage>

export const usageSchema = z.object({
  blobs: z.number(),
  bytes: z.number(),
  repositories: z.number(),
  manifests: z.number(),
  hostedBytes: z.number(),
  quotaBytes: z.number().nullable(),
  freeBytes: z.number().nullable(),
}) satisfies z.ZodType<RegistryUsage>
