import type { ResolvedName } from "../proxy/resolved-name.ts"
import { RegistryError } from "../registry-error.ts"
import type { Question } from "./question.ts"
import { isRepositoryName } from "./repository-name.ts"

/** The repository that a push wants a blob of (`mount=` and `from=`), whether it is there or not; undefined where it names none. */
export function lenderOf({ parts, client, query }: Question): ResolvedName | undefined {
  const from = query.get("mount") === null ? null : query.get("from")
  if (from === null || !isRepositoryName(from)) return undefined
  try {
    return parts.resolve(from, { host: client.host, ns: undefined })
  } catch (error) {
    if (error instanceof RegistryError) return undefined
    throw error
  }
}
