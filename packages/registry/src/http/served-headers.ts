import type { Provenance } from "../warehouse/readable-repository.ts"
import type { RepositoryQuestion } from "./repository-visit.ts"

/** The text that clients show to people (distribution-spec, "Warnings"). */
const staleWarning = '299 - "the upstream registry could not be asked: this may be out of date"'

/** What stands on single answers: the namespace where the client named one with `ns=`, a warning on what may be out of date. */
export function servedHeaders({ exchange, name }: RepositoryQuestion, { cache }: Pick<Provenance, "cache">): readonly string[] {
  const isStale = cache === "stale"
  if (!isStale && exchange.search === "") return none
  const headers: string[] = []
  if (isStale) headers.push("Warning", staleWarning)
  if (name.kind === "proxied" && exchange.ns !== undefined) headers.push("OCI-Namespace", name.registry)
  return headers
}

const none: readonly string[] = []
