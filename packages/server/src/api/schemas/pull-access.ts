import type { AccessRule, ProjectMember } from "@entrepot/db/stores"
import { z } from "zod"
import type { AccessAnswer, PullMode, PullUserView } from "../../pull-access/pull-access-service.ts"
import { idSchema } from "./job.ts"

/** Who may pull: users of `docker login`, rules, members of projects. */

const nameSchema = z.string().min(1).max(128)
const passwordSchema = z.string().min(1).max(1024)

export const pullUserSchema = z
  .object({ id: z.number(), name: z.string(), disabled: z.boolean(), createdAt: z.number(), updatedAt: z.number() })
  .meta({ id: "PullUser" }) satisfies z.ZodType<PullUserView>

/** With a password, or with the MD5 digest of one that another system kept. */
export const newPullUserSchema = z.union([
  z.object({ name: nameSchema, password: passwordSchema }),
  z.object({ name: nameSchema, md5: z.string().regex(/^[0-9a-fA-F]{32}$/) }),
])

export const pullUserChangesSchema = z.object({
  id: idSchema,
  password: passwordSchema.exactOptional(),
  disabled: z.boolean().exactOptional(),
})

const effectSchema = z.enum(["allow", "deny"])

export const accessRuleSchema = z
  .object({ id: z.number(), effect: effectSchema, prefix: z.string(), createdAt: z.number() })
  .meta({ id: "AccessRule" }) satisfies z.ZodType<AccessRule>

export const newAccessRuleSchema = z.object({ effect: effectSchema, prefix: z.string().min(1).max(512) })
export const ruleQuerySchema = z.object({ effect: effectSchema.exactOptional() })

export const pullModeSchema = z.object({
  open: z.boolean(),
  isConfigured: z.boolean(),
  closesItself: z.boolean(),
}) satisfies z.ZodType<PullMode>

/** An image as it is written behind this server's address. */
export const explainedImageSchema = z.object({ image: z.string().min(1).max(1024) })

export const accessAnswerSchema = z
  .object({
    repository: z.string().nullable(),
    isLetIn: z.boolean(),
    reason: z.enum(["denied", "allowed", "open", "login", "public-project", "project", "no-upstream", "no-name"]),
    rule: z.object({ effect: effectSchema, prefix: z.string() }).nullable(),
  })
  .meta({ id: "AccessAnswer" }) satisfies z.ZodType<AccessAnswer>

const memberShape = { projectId: idSchema, kind: z.enum(["pull-user", "web-user"]), memberId: idSchema }

export const memberKeySchema = z.object(memberShape)
export const memberSchema = z
  .object({ ...memberShape, role: z.enum(["pull", "push", "admin"]) })
  .meta({ id: "ProjectMember" }) satisfies z.ZodType<ProjectMember>
