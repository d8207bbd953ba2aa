import { servedOverviewSchema, statisticsOverviewSchema, statisticsQuerySchema } from "../schemas/statistics.ts"
import { personal, router } from "../trpc.ts"

export const statisticsRouter = router({
  overview: personal
    .input(statisticsQuerySchema)
    .output(statisticsOverviewSchema)
    .query(({ ctx, input }) => ctx.services.statistics.overview(ctx.actor, input)),
  served: personal
    .input(statisticsQuerySchema)
    .output(servedOverviewSchema)
    .query(({ ctx, input }) => ctx.services.statistics.served(ctx.actor, input)),
})
