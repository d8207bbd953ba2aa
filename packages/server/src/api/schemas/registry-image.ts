import { z } from "zod"
import type { ImageView } from "../../registry/administration/registry-service.ts"
import { digestSchema } from "./registry.ts"

const annotationsSchema = z.record(z.string(), z.string()).readonly().nullable()

const layersSchema = z
  .array(z.object({ digest: digestSchema, mediaType: z.string(), sizeBytes: z.number(), isHere: z.boolean() }))
  .readonly()
  .nullable()

const platformSchema = z.object({
  platform: z.string(),
  digest: digestSchema,
  bytes: z.number().nullable(),
  layers: layersSchema,
})

const referrerSchema = z.object({
  digest: digestSchema,
  artifactType: z.string().nullable(),
  sizeBytes: z.number(),
  annotations: annotationsSchema,
})

/** One manifest of a repository, with what it is made of. */
export const imageViewSchema = z
  .object({
    repository: z.string(),
    digest: digestSchema,
    mediaType: z.string(),
    artifactType: z.string().nullable(),
    createdAt: z.number(),
    usedAt: z.number(),
    tags: z.array(z.string()).readonly(),
    annotations: annotationsSchema,
    platforms: z.array(platformSchema).readonly(),
    layers: layersSchema,
    referrers: z.array(referrerSchema).readonly(),
    removable: z.boolean(),
  })
  .meta({ id: "StoredImage" }) satisfies z.ZodType<ImageView>
