import { accessLogRouter } from "./procedures/access-log.ts"
import { accountsRouter } from "./procedures/accounts.ts"
import { imageRouter } from "./procedures/image.ts"
import { jobsRouter } from "./procedures/jobs.ts"
import { projectsRouter } from "./procedures/projects.ts"
import { accessRulesRouter, pullUsersRouter } from "./procedures/pull-access.ts"
import { registryRouter } from "./procedures/registry.ts"
import { schedulesRouter } from "./procedures/schedules.ts"
import { settingsRouter } from "./procedures/settings.ts"
import { statisticsRouter } from "./procedures/statistics.ts"
import { targetsRouter } from "./procedures/targets.ts"
import { upstreamsRouter } from "./procedures/upstreams.ts"
import { webhooksRouter } from "./procedures/webhooks.ts"
import { createCallerFactory, router } from "./trpc.ts"

/** Everything that can be asked of the application. Found by noun; each procedure has its row in rights.ts. */
export const appRouter = router({
  image: imageRouter,
  jobs: jobsRouter,
  statistics: statisticsRouter,
  targets: targetsRouter,
  projects: projectsRouter,
  schedules: schedulesRouter,
  accounts: accountsRouter,
  settings: settingsRouter,
  registry: registryRouter,
  upstreams: upstreamsRouter,
  pullUsers: pullUsersRouter,
  accessRules: accessRulesRouter,
  accessLog: accessLogRouter,
  webhooks: webhooksRouter,
})

/** All procedures, as a type: what the typed client is made of. */
export type AppRouter = typeof appRouter

/** The procedures as functions, for a request that came another way than by tRPC. */
export const createCaller = createCallerFactory(appRouter)
/** The procedures as functions, for the REST routes: they pass through the same rights. */
export type Caller = ReturnType<typeof createCaller>
