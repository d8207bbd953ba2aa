import { type Digest, isDigest } from "@entrepot/core"
import { z } from "zod"
import type {
  CareResult,
  ManifestPage,
  RegistryPlace,
  RegistryUsage,
  RepositoryPage,
  TagPage,
} from "../../registry/administration/registry-service.ts"

/** What is in this server's registry. */

const digestSchema = z
  .custom<Digest>((value) => typeof value === "string" && isDigest(value))
  .meta({
    override: { type: "string", examples: ["sha256:…"] },
  })
const limitSchema = z.number().int().min(1).max(500).default(100)
const afterSchema = z.string().max(512).exactOptional()

export const repositoryNameSchema = z.string().min(1).max(512)

export const placeSchema = z.object({
  host: z.string(),
  project: z.string(),
  open: z.boolean(),
}) satisfies z.ZodType<RegistryPlace>

export const repositoryQuerySchema = z.object({
  after: afterSchema,
  limit: limitSchema,
  project: z.string().max(256).exactOptional(),
  registry: z.string().max(256).exactOptional(),
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
        })
        .meta({ id: "Repository" }),
    )
    .readonly(),
  next: z.string().nullable(),
}) satisfies z.ZodType<RepositoryPage>

/** A page of what is in one repository. */
export const withinQuerySchema = z.object({ repository: repositoryNameSchema, after: afterSchema, limit: limitSchema })

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
  quotaBytes: z.number().nullable(),
}) satisfies z.ZodType<RegistryUsage>

export const careSchema = z.object({ blobs: z.number(), bytes: z.number() }) satisfies z.ZodType<CareResult>
export const scrubSchema = z.object({ checked: z.number(), wrong: z.number() })
