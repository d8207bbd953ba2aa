import { accountRoutes } from "./account-routes.ts"
import { jobRoutes } from "./job-routes.ts"
import { mirrorRoutes } from "./mirror-routes.ts"
import { projectRoutes } from "./project-routes.ts"
import { registryRoutes } from "./registry-routes.ts"
import type { Route, RouteKey } from "./route.ts"
import { serverRoutes } from "./server-routes.ts"
import { statisticsRoutes } from "./statistics-routes.ts"
import { webhookRoutes } from "./webhook-routes.ts"

/** Every plain route by method and path. Each has its row in rights.ts. */
export const routes = {
  ...serverRoutes,
  ...accountRoutes,
  ...mirrorRoutes,
  ...jobRoutes,
  ...projectRoutes,
  ...statisticsRoutes,
  ...registryRoutes,
  ...webhookRoutes,
} satisfies Record<RouteKey, Route>

export type RoutePath = keyof typeof routes
