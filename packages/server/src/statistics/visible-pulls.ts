import type { Database, RepositoryTally } from "@entrepot/db/stores"
import type { Actor } from "../accounts/actor.ts"
import { isVisibleRepository } from "../registry/is-visible-repository.ts"
import { placesOf } from "../registry/project-places.ts"

interface PullQuery {
  /** Whole days since 1970, `until` excluded. */
  readonly since: number
  readonly until: number
  readonly limit: number
}

/** What is looked through for somebody who may see little of what is pulled most; whatever comes after that is hardly pulled. */
const depths = [100, 10_000] as const

/** The most pulled repositories that somebody may know of, the most pulled first. */
export async function visiblePulls(
  stores: Pick<Database, "served" | "warehouse" | "projects" | "projectMembers">,
  actor: Actor,
  { limit, ...span }: PullQuery,
): Promise<readonly RepositoryTally[]> {
  const isVisible = await visibilityTo(actor, stores)
  for (const depth of depths) {
    const pulled = await stores.served.mostPulled({ ...span, limit: depth })
    const found: RepositoryTally[] = []
    for (const tally of pulled) {
      if (tally.repository !== "" && (await isVisible(tally.repository))) found.push(tally)
      if (found.length === limit) return found
    }
    if (pulled.length < depth || depth === depths.at(-1)) return found
  }
  return []
}

/** Whether somebody may know of the repository of that name; of one that is gone only administrators. */
async function visibilityTo(
  actor: Actor,
  stores: Pick<Database, "warehouse" | "projects" | "projectMembers">,
): Promise<(name: string) => Promise<boolean>> {
  const places = await placesOf(actor, stores)
  if (places.seesAll) return async () => true
  const projects = await stores.projects.list()
  const byId = new Map(projects.map((project) => [project.id, project]))
  const hidden = new Set(projects.filter((project) => !places.maySee(project)).map(({ name }) => name))
  const known = new Map<string, boolean>()
  return async (name) => {
    // Most of what somebody may not see is told by its name: nothing has to be looked up for it.
    if (hidden.has(name.split("/", 1)[0] ?? "")) return false
    let answer = known.get(name)
    if (answer === undefined) {
      const repository = await stores.warehouse.repository(name)
      answer = repository !== undefined && isVisibleRepository(repository, places, byId)
      known.set(name, answer)
    }
    return answer
  }
}
