import { errorCodes, type TargetCheck } from "@entrepot/core"
import type { Project } from "@entrepot/db/stores"
import { z } from "zod"
import type { TargetView } from "../../targets/target-service.ts"
import { addressSchema, idSchema, imageTextSchema, loginSchema, typedTargetSchema } from "./job.ts"

/** Places that images go to: targets, and the projects that stand on them. */

export const targetSchema = z
  .object({
    id: z.number(),
    ownerId: z.number(),
    shared: z.boolean(),
    name: z.string(),
    host: z.string(),
    project: z.string(),
    naming: z.string(),
    plainHttp: z.boolean(),
    tlsVerify: z.boolean(),
    username: z.string().nullable(),
    version: z.number(),
    createdAt: z.number(),
    updatedAt: z.number(),
    hasPassword: z.boolean(),
    hasCa: z.boolean(),
  })
  .meta({ id: "Target" }) satisfies z.ZodType<TargetView>

export const targetListSchema = z.object({
  targets: z.array(targetSchema).readonly(),
  keepsPasswords: z.boolean(),
  /** Address that images go to which name no target; its login is never told. */
  defaultTarget: z.string().nullable(),
})

const targetShape = {
  naming: z.string().max(512).optional(),
  shared: z.boolean().optional(),
  plainHttp: z.boolean().optional(),
  tlsVerify: z.boolean().optional(),
  ca: z.string().max(65_536).nullable().optional(),
  username: z.string().max(256).nullable().optional(),
  /** Write-only. Null forgets it. */
  password: z.string().max(4096).nullable().optional(),
}

export const targetInputSchema = z.object({ name: z.string().min(1).max(128), address: addressSchema, ...targetShape })

export const targetChangesSchema = z.object({
  id: idSchema,
  /** That the change was made upon: somebody else's in between is not overwritten. */
  version: z.number().int(),
  changes: z.object({
    name: z.string().min(1).max(128).exactOptional(),
    address: addressSchema.exactOptional(),
    ...targetShape,
  }),
})

/** A target that is asked whether it could be pushed to: a saved one, or one as it would be saved. */
export const checkedTargetSchema = z.union([
  z.object({ targetId: idSchema }),
  typedTargetSchema.extend({ ca: z.string().max(65_536).optional() }),
])

const answerSchema = z.discriminatedUnion("answer", [
  z.object({ answer: z.literal("yes") }),
  z.object({ answer: z.literal("unknown") }),
  z.object({
    answer: z.literal("no"),
    code: z.enum(errorCodes),
    status: z.number().exactOptional(),
    hint: z.string().exactOptional(),
  }),
])

export const targetCheckSchema = z
  .object({
    reachable: answerSchema,
    tls: z.union([answerSchema, z.object({ answer: z.literal("plain") })]),
    credentials: answerSchema,
    push: answerSchema,
  })
  .meta({ id: "TargetCheck" }) satisfies z.ZodType<TargetCheck>

export const projectSchema = z
  .object({
    id: z.number(),
    name: z.string(),
    ownerId: z.number(),
    targetId: z.number().nullable(),
    path: z.string(),
    createdAt: z.number(),
    isPublic: z.boolean(),
  })
  .meta({ id: "Project" }) satisfies z.ZodType<Project>

/** A project's number or name. */
export const projectKeySchema = z.string().min(1).max(256)

export const projectInputSchema = z.object({
  name: z.string().min(1).max(128),
  targetId: idSchema.nullable().exactOptional(),
  path: z.string().max(256).exactOptional(),
  /** Anybody may pull what is in it, in this server's registry. */
  isPublic: z.boolean().exactOptional(),
})

export const projectChangesSchema = z.object({
  id: idSchema,
  targetId: idSchema.nullable().exactOptional(),
  path: z.string().max(256).exactOptional(),
  isPublic: z.boolean().exactOptional(),
})

export const importRequestSchema = z.object({
  project: projectKeySchema,
  sourceUrl: imageTextSchema,
  targetImage: z.string().min(1).max(256).optional(),
  targetTag: z.string().min(1).max(128).optional(),
  auth: loginSchema.optional(),
})
