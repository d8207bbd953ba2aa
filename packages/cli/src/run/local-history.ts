import type { History } from "@entrepot/server/history"
import type { Environment } from "../environment.ts"

/** Opens the history of this machine. Only here is anything loaded that a database needs. @throws when it cannot be opened. */
export async function openLocalHistory(
  { environment }: { readonly environment: Pick<Environment, "variables" | "productRoot"> },
  onWarning: (message: string) => void,
): Promise<History> {
  const [{ openHistory }, { findDatabase }] = await Promise.all([
    import("@entrepot/server/history"),
    import("@entrepot/server/find-database"),
  ])
  const database = await findDatabase(environment.variables, { root: environment.productRoot })
  return await openHistory({ database }, { onWarning })
}
