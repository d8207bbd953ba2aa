import { z } from "zod"
import {
  careSchema,
  manifestPageSchema,
  placeSchema,
  repositoryNameSchema,
  repositoryPageSchema,
  repositoryQuerySchema,
  scrubSchema,
  tagPageSchema,
  usageSchema,
  withinQuerySchema,
} from "../schemas/registry.ts"
import { personal, router } from "../trpc.ts"

export const registryRouter = router({
  /** Where it is, for commands that people copy. */
  place: personal.output(placeSchema).query(({ ctx }) => ctx.services.registry.place(ctx.actor)),

  repositories: personal
    .input(repositoryQuerySchema)
    .output(repositoryPageSchema)
    .query(({ ctx, input }) => ctx.services.registry.repositories(ctx.actor, input)),

  tags: personal
    .input(withinQuerySchema)
    .output(tagPageSchema)
    .query(({ ctx, input }) => ctx.services.registry.tags(ctx.actor, input)),

  manifests: personal
    .input(withinQuerySchema)
    .output(manifestPageSchema)
    .query(({ ctx, input }) => ctx.services.registry.manifests(ctx.actor, input)),

  /** A tag alone, or by digest a manifest with all its tags. */
  removeManifest: personal
    .input(z.object({ repository: repositoryNameSchema, reference: z.string().min(1).max(256) }))
    .output(z.void())
    .mutation(({ ctx, input }) => ctx.services.registry.removeManifest(ctx.actor, input.repository, input.reference)),

  removeRepository: personal
    .input(z.object({ repository: repositoryNameSchema }))
    .output(z.void())
    .mutation(({ ctx, input }) => ctx.services.registry.removeRepository(ctx.actor, input.repository)),

  usage: personal.output(usageSchema).query(({ ctx }) => ctx.services.registry.usage(ctx.actor)),

  collectGarbage: personal.output(careSchema).mutation(({ ctx }) => ctx.services.registry.collectGarbage(ctx.actor)),
  /** Without a size: down to the quota. */
  evict: personal
    .input(z.object({ toBytes: z.number().int().min(0).exactOptional() }))
    .output(careSchema)
    .mutation(({ ctx, input }) => ctx.services.registry.evict(ctx.actor, input.toBytes)),

  scrub: personal
    .input(z.object({ most: z.number().int().min(1).max(100_000).default(1000) }))
    .output(scrubSchema)
    .mutation(({ ctx, input, signal }) => ctx.services.registry.scrub(ctx.actor, input.most, signal ?? ctx.closing)),
})
