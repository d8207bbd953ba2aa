import type { UpstreamHealth } from "@entrepot/registry"
import { z } from "zod"
import type { UpstreamCheck, UpstreamView } from "../../registry/upstreams/upstream-service.ts"
import { idSchema } from "./job.ts"
import { targetCheckSchema } from "./place.ts"

/** Registries that /v2 reads through. */

const healthSchema = z.object({
  upstreamId: z.number(),
  host: z.string(),
  circuit: z.enum(["closed", "open", "half-open"]),
  retryAt: z.number().nullable(),
  lastSuccessAt: z.number().nullable(),
  lastFailureAt: z.number().nullable(),
  lastError: z.string().nullable(),
  latencyMs: z.number().nullable(),
  pulls: z.object({ limit: z.number(), remaining: z.number(), windowS: z.number() }).nullable(),
}) satisfies z.ZodType<UpstreamHealth>

export const upstreamSchema = z
  .object({
    id: z.number(),
    name: z.string(),
    registry: z.string(),
    url: z.string(),
    pathPrefix: z.string(),
    priority: z.number(),
    enabled: z.boolean(),
    virtualHosts: z.array(z.string()).readonly(),
    tagLifetimeMs: z.number().nullable(),
    tlsVerify: z.boolean(),
    username: z.string().nullable(),
    version: z.number(),
    createdAt: z.number(),
    updatedAt: z.number(),
    hasPassword: z.boolean(),
    hasCa: z.boolean(),
    configured: z.boolean(),
    pinned: z.boolean(),
    health: healthSchema.nullable(),
  })
  .meta({ id: "Upstream" }) satisfies z.ZodType<UpstreamView>

export const upstreamListSchema = z.object({ upstreams: z.array(upstreamSchema).readonly(), keepsPasswords: z.boolean() })

const connectionShape = {
  pathPrefix: z.string().max(256).optional(),
  tlsVerify: z.boolean().optional(),
  ca: z.string().max(262_144).nullable().optional(),
  username: z.string().max(256).nullable().optional(),
  /** Write-only. Null forgets it. */
  password: z.string().max(8192).nullable().optional(),
}

const upstreamShape = {
  ...connectionShape,
  priority: z.number().int().optional(),
  enabled: z.boolean().optional(),
  virtualHosts: z.array(z.string().max(256)).max(20).readonly().optional(),
  tagLifetimeMs: z.number().int().min(0).nullable().optional(),
}

const nameSchema = z.string().min(1).max(128)
const hostSchema = z.string().min(1).max(256)
const urlSchema = z.string().min(1).max(1024)

export const upstreamInputSchema = z.object({ name: nameSchema, registry: hostSchema, url: urlSchema, ...upstreamShape })

export const upstreamChangesSchema = z.object({
  id: idSchema,
  changes: z.object({
    name: nameSchema.exactOptional(),
    registry: hostSchema.exactOptional(),
    url: urlSchema.exactOptional(),
    ...upstreamShape,
  }),
})

/** A saved one (0: the configuration's), or one as it would be saved. */
export const checkedUpstreamSchema = z.union([
  z.object({ id: z.number().int().min(0) }),
  z.object({ url: urlSchema, ...connectionShape }),
])

export const upstreamCheckSchema = targetCheckSchema.omit({ push: true }).meta({
  id: "UpstreamCheck",
}) satisfies z.ZodType<UpstreamCheck>
