import { z } from "zod"
import { idSchema, jobPageSchema, jobSchema, jobStateSchema } from "../schemas/job.ts"
import {
  importRequestSchema,
  projectChangesSchema,
  projectInputSchema,
  projectKeySchema,
  projectSchema,
} from "../schemas/place.ts"
import { memberKeySchema, memberSchema } from "../schemas/pull-access.ts"
import { personal, router } from "../trpc.ts"

const oneProject = z.object({ project: projectKeySchema })

export const projectsRouter = router({
  list: personal.output(z.array(projectSchema).readonly()).query(({ ctx }) => ctx.services.projects.list(ctx.actor)),

  get: personal
    .input(oneProject)
    .output(projectSchema)
    .query(({ ctx, input }) => ctx.services.projects.get(ctx.actor, input.project)),

  create: personal
    .input(projectInputSchema)
    .output(projectSchema)
    .mutation(({ ctx, input }) => ctx.services.projects.create(ctx.actor, input)),

  update: personal
    .input(projectChangesSchema)
    .output(projectSchema)
    .mutation(({ ctx, input: { id, ...changes } }) => ctx.services.projects.update(ctx.actor, id, changes)),

  remove: personal
    .input(z.object({ id: idSchema }))
    .output(z.void())
    .mutation(({ ctx, input }) => ctx.services.projects.remove(ctx.actor, input.id)),

  /** Who may pull, push and delete in a project beside its owner and administrators. */
  members: router({
    list: personal
      .input(z.object({ projectId: idSchema.exactOptional() }))
      .output(z.array(memberSchema).readonly())
      .query(({ ctx, input }) => ctx.services.pullAccess.listMembers(ctx.actor, input.projectId)),
    /** Adds somebody, or changes the role. */
    put: personal
      .input(memberSchema)
      .output(z.void())
      .mutation(({ ctx, input }) => ctx.services.pullAccess.putMember(ctx.actor, input)),
    remove: personal
      .input(memberKeySchema)
      .output(z.void())
      .mutation(({ ctx, input }) => ctx.services.pullAccess.removeMember(ctx.actor, input)),
  }),

  /** Seed 1: copies an image into the project; the job tells how far it is. */
  importImage: personal
    .input(importRequestSchema)
    .output(jobSchema)
    .mutation(({ ctx, input: { project, ...request } }) => ctx.services.projects.importImage(ctx.actor, project, request)),

  imports: personal
    .input(
      oneProject.extend({
        before: idSchema.exactOptional(),
        limit: z.number().int().min(1).max(200).default(50),
        states: z.array(jobStateSchema).min(1).exactOptional(),
      }),
    )
    .output(jobPageSchema)
    .query(({ ctx, input: { project, ...query } }) => ctx.services.projects.imports(ctx.actor, project, query)),

  getImport: personal
    .input(oneProject.extend({ id: idSchema }))
    .output(jobSchema)
    .query(({ ctx, input }) => ctx.services.projects.getImport(ctx.actor, input.project, input.id)),
})
