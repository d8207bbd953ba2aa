import type { LocalRegistry } from "@entrepot/server/local-registry"
import type { Context } from "../context.ts"

/** The registry of this machine, beside its server where that runs. @throws ServiceError for a wrong configuration; TransferError `local_io`. */
export async function openRegistryHere({ environment }: Pick<Context, "environment">): Promise<LocalRegistry> {
  const [{ openLocalRegistry }, { readConfiguration }] = await Promise.all([
    import("@entrepot/server/local-registry"),
    import("@entrepot/server/configuration"),
  ])
  return await openLocalRegistry(await readConfiguration(environment.variables, { root: environment.productRoot }))
}
