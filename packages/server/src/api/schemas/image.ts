import { z } from "zod"
import { descriptorSchema, digestSchema } from "./transfer.ts"

/** An image name in its parts (seed 0 section 4 of its interface). */
export const parsedImageSchema = z.object({
  /** As short as it can be written: `nginx:latest`. */
  image: z.string(),
  /** Written out: `docker.io/library/nginx:latest`. */
  canonical: z.string(),
  registry: z.string(),
  namespace: z.string(),
  repository: z.string(),
  tag: z.string().nullable(),
  digest: digestSchema.nullable(),
  /** Its name at the target, where an address was given. */
  targetImage: z.string().nullable(),
})

/** What a source says of an image: one manifest's worth. */
export const inspectedImageSchema = z.object({
  /** As short as it can be written: `nginx:latest`. */
  image: z.string(),
  canonical: z.string(),
  digest: digestSchema,
  mediaType: z.string(),
  /** Of a single image's layers; null for an index. */
  sizeBytes: z.number().nullable(),
  platforms: z.array(z.string()).readonly(),
})

/** What a transfer would do; manifests without their bytes. */
export const planSchema = z.object({
  source: z.string(),
  target: z.string(),
  digest: digestSchema,
  unchanged: z.boolean(),
  digestChanges: z.boolean(),
  platforms: z.array(z.string()).readonly(),
  manifests: z.array(descriptorSchema.extend({ reference: z.string() })).readonly(),
  blobs: z.array(descriptorSchema.extend({ skip: z.literal("non-distributable").exactOptional() })).readonly(),
  /** Sum of the blobs that would be looked at, bytes. */
  totalBytes: z.number(),
})
