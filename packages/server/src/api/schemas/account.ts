import type { AuditEntry } from "@entrepot/db/stores"
import { z } from "zod"
import type { ApiKeyView, JobTicket, UserView } from "../../accounts/account-service.ts"
import { idSchema } from "./job.ts"

export const roleSchema = z.enum(["admin", "operator", "viewer"])
const scopeSchema = z.enum(["pull", "push", "jobs:read", "jobs:write", "admin"])

/** Who is logged in. */
export const meSchema = z.object({
  userId: z.number(),
  name: z.string(),
  role: roleSchema,
  via: z.enum(["session", "password", "key", "ticket", "terminal", "schedule"]),
  scopes: z.array(scopeSchema).readonly().nullable(),
  /** Nothing can be done but change the token. */
  mustChange: z.boolean(),
})

const secretSchema = z.string().min(1).max(1024)

export const loginInputSchema = z.union([
  z.object({ token: secretSchema, setupCode: z.string().max(256).optional() }),
  z.object({ username: z.string().min(1).max(256), password: secretSchema }),
])

export const newTokenSchema = z.object({ token: secretSchema })
export const newPasswordSchema = z.object({ current: z.string().max(1024), next: secretSchema })

export const apiKeySchema = z.object({
  id: z.string(),
  userId: z.number(),
  name: z.string(),
  scopes: z.array(scopeSchema).readonly(),
  expiresAt: z.number().nullable(),
  lastUsedAt: z.number().nullable(),
  createdAt: z.number(),
}) satisfies z.ZodType<ApiKeyView>

export const newKeySchema = z.object({
  name: z.string().min(1).max(128),
  scopes: z.array(scopeSchema).min(1),
  /** Milliseconds since 1970; null for a key without end. */
  expiresAt: z.number().int().positive().nullable().default(null),
})

/** The secret is shown this once. */
export const createdKeySchema = z.object({ key: apiKeySchema, secret: z.string() })

export const userSchema = z.object({
  id: z.number(),
  name: z.string(),
  role: roleSchema,
  disabled: z.boolean(),
  createdAt: z.number(),
  hasPassword: z.boolean(),
}) satisfies z.ZodType<UserView>

export const newUserSchema = z.object({ name: z.string().min(1).max(128), password: secretSchema, role: roleSchema })
export const userChangesSchema = z.object({
  id: idSchema,
  role: roleSchema.exactOptional(),
  password: secretSchema.exactOptional(),
  disabled: z.boolean().exactOptional(),
})

export const ticketSchema = z.object({ ticket: z.string(), expiresAt: z.number() }) satisfies z.ZodType<JobTicket>

export const auditEntrySchema = z.object({
  id: z.number(),
  at: z.number(),
  actorId: z.number().nullable(),
  actorName: z.string(),
  action: z.string(),
  subject: z.string(),
  outcome: z.enum(["ok", "refused"]),
  address: z.string(),
}) satisfies z.ZodType<AuditEntry>
