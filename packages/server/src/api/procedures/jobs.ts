import { tracked } from "@trpc/server"
import { z } from "zod"
import { ticketSchema } from "../schemas/account.ts"
import {
  batchRequestSchema,
  followedEventSchema,
  historyQuerySchema,
  idSchema,
  jobHostsSchema,
  jobPageSchema,
  jobSchema,
  loginSchema,
  mirrorRequestSchema,
  queueEventSchema,
  storedEventSchema,
  summarySchema,
} from "../schemas/job.ts"
import { placeShape, streamOf } from "../schemas/stream.ts"
import { sequenceOf } from "../sequence-of.ts"
import { personal, router } from "../trpc.ts"

const oneJob = z.object({ id: idSchema })

export const jobsRouter = router({
  start: personal
    .input(mirrorRequestSchema)
    .output(jobSchema)
    .mutation(({ ctx, input }) => ctx.services.jobs.start(ctx.actor, input)),

  startBatch: personal
    .input(batchRequestSchema)
    .output(jobSchema)
    .mutation(({ ctx, input }) => ctx.services.jobs.startBatch(ctx.actor, input)),

  cancel: personal
    .input(oneJob)
    .output(jobSchema)
    .mutation(({ ctx, input }) => ctx.services.jobs.cancel(ctx.actor, input.id)),

  retry: personal
    .input(oneJob.extend({ source: loginSchema.optional(), target: loginSchema.optional() }))
    .output(jobSchema)
    .mutation(({ ctx, input: { id, ...logins } }) => ctx.services.jobs.retry(ctx.actor, id, logins)),

  remove: personal
    .input(oneJob)
    .output(z.void())
    .mutation(({ ctx, input }) => ctx.services.jobs.remove(ctx.actor, input.id)),

  get: personal
    .input(oneJob)
    .output(jobSchema)
    .query(({ ctx, input }) => ctx.services.jobs.get(ctx.actor, input.id)),

  list: personal
    .input(historyQuerySchema)
    .output(jobPageSchema)
    .query(({ ctx, input }) => ctx.services.jobs.list(ctx.actor, input)),

  summary: personal
    .input(oneJob)
    .output(summarySchema)
    .query(({ ctx, input }) => ctx.services.jobs.summary(ctx.actor, input.id)),

  counts: personal.output(summarySchema).query(({ ctx }) => ctx.services.jobs.counts(ctx.actor)),

  /** Registries of recent jobs, most used first: what a history can be narrowed to. */
  hosts: personal.output(jobHostsSchema).query(async ({ ctx }) => ({ hosts: await ctx.services.jobs.hosts(ctx.actor) })),

  events: personal
    .input(oneJob.extend({ after: z.number().int().min(0).default(0), limit: z.number().int().min(1).max(1000).default(200) }))
    .output(z.array(storedEventSchema).readonly())
    .query(({ ctx, input }) => ctx.services.jobs.events(ctx.actor, input.id, input.after, input.limit)),

  /** Lets its bearer follow this job for a while, and nothing else: for links to the event stream. */
  ticket: personal
    .input(oneJob)
    .output(ticketSchema)
    .mutation(async ({ ctx, input }) => {
      const { id } = await ctx.services.jobs.get(ctx.actor, input.id)
      return ctx.services.accounts.issueTicket(ctx.actor, id)
    }),

  /** Stored events are tracked by their sequence number and replayed; counters in between are not. Ends after the job's end. */
  follow: personal
    .input(oneJob.extend(placeShape))
    .output(streamOf(followedEventSchema))
    .subscription(async function* ({ ctx, input, signal }) {
      const place = ctx.streams.enter(ctx.actor, signal)
      try {
        const after = sequenceOf(input.lastEventId) ?? input.after ?? 0
        for await (const event of ctx.services.jobs.follow(ctx.actor, input.id, { after, signal: place.signal })) {
          yield event.sequence === undefined ? event : tracked(String(event.sequence), event)
        }
        // Cut off is not ended: tRPC then says no `return`, and the client comes back.
        place.signal.throwIfAborted()
      } finally {
        place.leave()
      }
    }),

  /** All jobs that the caller may see, tracked by revision. Does not end. */
  followQueue: personal
    .input(z.object(placeShape).default({}))
    .output(streamOf(queueEventSchema))
    .subscription(async function* ({ ctx, input, signal }) {
      const place = ctx.streams.enter(ctx.actor, signal)
      try {
        const after = sequenceOf(input.lastEventId) ?? input.after
        const options = { ...(after === undefined ? {} : { after }), signal: place.signal }
        for await (const event of ctx.services.jobs.followQueue(ctx.actor, options)) yield tracked(String(event.revision), event)
        place.signal.throwIfAborted()
      } finally {
        place.leave()
      }
    }),
})
