import { RegistryError } from "../../registry-error.ts"
import { nextPage, readPage } from "../pagination.ts"
import { type RepositoryVisit, readable } from "../repository-visit.ts"
import type { RouteOf } from "../route.ts"
import { servedHeaders } from "../served-headers.ts"

/** GET (distribution-spec, "Listing Tags"): in the order of their bytes, page by page. */
export async function sendTags(visit: RepositoryVisit, { name }: RouteOf<"tags">): Promise<void> {
  const { exchange } = visit
  const { limit, after } = readPage(exchange)
  // An empty page of a repository that is not there is 404 too.
  const page = await readable(visit).tags({ after, limit: Math.max(1, limit) }, exchange.signal)
  if (page === undefined) throw new RegistryError("NAME_UNKNOWN", `there is no repository ${name}`, { detail: { name } })
  const tags = page.names.slice(0, limit)
  const last = tags.at(-1)
  const link = page.more && last !== undefined ? nextPage(exchange, limit, last) : []
  exchange.sendJson(200, { name, tags }, [...link, ...servedHeaders(visit, { cache: "hit" })])
}
