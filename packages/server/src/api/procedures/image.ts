import {
  formatCanonical,
  formatFamiliar,
  imageNameOf,
  namespaceOf,
  nameTarget,
  parseNamingRule,
  parsePasted,
  parseTargetBase,
  type TransferPlan,
} from "@entrepot/core"
import { z } from "zod"
import { inspectedImageSchema, parsedImageSchema, planSchema } from "../schemas/image.ts"
import { addressSchema, imageTextSchema, mirrorRequestSchema, optionsShape } from "../schemas/job.ts"
import { personal, router } from "../trpc.ts"

const parseInputSchema = z.object({
  /** What a person pastes: a name, a `docker pull` line, the address of a page. */
  image: imageTextSchema,
  /** With it, the name at this target is told too. */
  address: addressSchema.optional(),
  naming: z.string().max(512).optional(),
})

const inspectInputSchema = z.object({
  image: imageTextSchema,
  sourceLogin: optionsShape.sourceLogin,
  sourcePlainHttp: optionsShape.sourcePlainHttp,
})

export const imageRouter = router({
  parse: personal
    .input(parseInputSchema)
    .output(parsedImageSchema)
    .mutation(({ input }) => {
      const reference = parsePasted(input.image)
      const target =
        input.address === undefined
          ? undefined
          : nameTarget(reference, parseTargetBase(input.address), parseNamingRule(input.naming ?? "default"))
      return {
        image: formatFamiliar(reference),
        canonical: formatCanonical(reference),
        registry: reference.registry,
        namespace: namespaceOf(reference),
        repository: imageNameOf(reference),
        tag: reference.tag ?? null,
        digest: reference.digest ?? null,
        targetImage: target === undefined ? null : formatFamiliar(target),
      }
    }),

  /** Asks the image's registry, and nobody else, what the image is. */
  inspect: personal
    .input(inspectInputSchema)
    .output(inspectedImageSchema)
    .mutation(async ({ ctx, input, signal }) => {
      const { reference, ...found } = await ctx.services.jobs.inspect(ctx.actor, input, signal ?? ctx.closing)
      return { image: formatFamiliar(reference), canonical: formatCanonical(reference), ...found }
    }),

  plan: personal
    .input(mirrorRequestSchema)
    .output(planSchema)
    .mutation(async ({ ctx, input, signal }) => showPlan(await ctx.services.jobs.plan(ctx.actor, input, signal ?? ctx.closing))),
})

function showPlan(plan: TransferPlan): z.input<typeof planSchema> {
  return {
    source: plan.source,
    target: plan.target,
    digest: plan.root.digest,
    unchanged: plan.unchanged,
    digestChanges: plan.digestChanges,
    platforms: plan.platforms,
    manifests: plan.manifests.map(({ manifest, reference }) => ({ ...manifest.descriptor, reference })),
    blobs: plan.blobs.map(({ descriptor, skip }) => ({ ...descriptor, ...(skip === undefined ? {} : { skip }) })),
    totalBytes: plan.blobs.reduce((sum, { descriptor }) => sum + descriptor.size, 0),
  }
}
