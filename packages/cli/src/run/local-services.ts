import type { LocalServices } from "@entrepot/server/local-services"
import type { Context } from "../context.ts"

/** The application's services over the database of this machine. No job is run. @throws ServiceError for a wrong configuration. */
export async function openServicesHere({ environment }: Pick<Context, "environment">): Promise<LocalServices> {
  const [{ openLocalServices }, { readConfiguration }] = await Promise.all([
    import("@entrepot/server/local-services"),
    import("@entrepot/server/configuration"),
  ])
  return await openLocalServices(await readConfiguration(environment.variables, { root: environment.productRoot }))
}
