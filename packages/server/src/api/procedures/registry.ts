import { z } from "zod"
import { careRequestSchema, careViewSchema } from "../schemas/care.ts"
import { idSchema } from "../schemas/job.ts"
import {
  manifestPageSchema,
  placeSchema,
  repositoryNameSchema,
  repositoryPageSchema,
  repositoryQuerySchema,
  tagPageSchema,
  tagQuerySchema,
  usageSchema,
  withinQuerySchema,
  withinRepositorySchema,
} from "../schemas/registry.ts"
import { imageViewSchema } from "../schemas/registry-image.ts"
import { personal, router } from "../trpc.ts"

export const registryRouter = router({
  /** Where it is, for commands that people copy. */
  place: personal.output(placeSchema).query(({ ctx }) => ctx.services.registry.place(ctx.actor)),

  repositories: personal
    .input(repositoryQuerySchema)
    .output(repositoryPageSchema)
    .query(({ ctx, input }) => ctx.services.registry.repositories(ctx.actor, input)),

  tags: personal
    .input(tagQuerySchema)
    .output(tagPageSchema)
    .query(({ ctx, input }) => ctx.services.registry.tags(ctx.actor, input)),

  manifests: personal
    .input(withinQuerySchema)
    .output(manifestPageSchema)
    .query(({ ctx, input }) => ctx.services.registry.manifests(ctx.actor, input)),

  /** One of them by tag or digest, with what it is made of. No upstream is asked. */
  image: personal
    .input(withinRepositorySchema)
    .output(imageViewSchema)
    .query(({ ctx, input }) => ctx.services.registry.image(ctx.actor, input.repository, input.reference)),

  /** A tag alone, or by digest a manifest with all its tags. */
  removeManifest: personal
    .input(withinRepositorySchema)
    .output(z.void())
    .mutation(({ ctx, input }) => ctx.services.registry.removeManifest(ctx.actor, input.repository, input.reference)),

  removeRepository: personal
    .input(z.object({ repository: repositoryNameSchema }))
    .output(z.void())
    .mutation(({ ctx, input }) => ctx.services.registry.removeRepository(ctx.actor, input.repository)),

  usage: personal.output(usageSchema).query(({ ctx }) => ctx.services.registry.usage(ctx.actor)),

  /** What was lately done for what is stored, by people and by the server itself, the newest first. */
  care: personal.output(z.array(careViewSchema).readonly()).query(({ ctx }) => ctx.services.registry.care(ctx.actor)),

  /** Begins, and does not wait for the end. */
  startCare: personal
    .input(careRequestSchema)
    .output(careViewSchema)
    .mutation(({ ctx, input }) => ctx.services.registry.startCare(ctx.actor, input)),

  /** What it has found so far stays. */
  stopCare: personal
    .input(z.object({ id: idSchema }))
    .output(careViewSchema)
    .mutation(({ ctx, input }) => ctx.services.registry.stopCare(ctx.actor, input.id)),
})
