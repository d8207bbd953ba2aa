import type { Exchange } from "./exchange.ts"
import type { RegistryState } from "./registry-state.ts"
import { errorReply, jsonReply, type Reply } from "./reply.ts"

/** distribution-spec end-8: tags, paged by `n` and `last` with a Link to the next page. */
export function serveTags(exchange: Exchange, state: RegistryState): Reply {
  const name = exchange.route.repository ?? ""
  const repository = state.repositories.get(name)
  if (!repository) return errorReply(404, "NAME_UNKNOWN", "repository name not known to registry")
  const { items, headers } = page(exchange, repository.sortedTags())
  return jsonReply(200, { name, tags: items }, headers)
}

/** distribution, `GET /v2/_catalog`. */
export function serveCatalog(exchange: Exchange, state: RegistryState): Reply {
  const { items, headers } = page(exchange, [...state.repositories.keys()].sort())
  return jsonReply(200, { repositories: items }, headers)
}

function page(exchange: Exchange, all: readonly string[]): { items: string[]; headers: Record<string, string> } {
  const { searchParams, pathname } = exchange.url
  const last = searchParams.get("last")
  const n = searchParams.get("n")
  const rest = last === null ? all : all.filter((each) => each > last)
  const items = n === null ? [...rest] : rest.slice(0, Number(n))
  const more = items.length < rest.length && items.length > 0
  const next = `${pathname}?last=${encodeURIComponent(items.at(-1) ?? "")}&n=${n}`
  return { items, headers: more ? { link: `<${next}>; rel="next"` } : {} }
}

/** distribution-spec end-12: what has this digest as its subject. */
export function serveReferrers(exchange: Exchange, state: RegistryState): Reply {
  const { repository: name = "", reference = "" } = exchange.route
  if (state.quirks.noReferrers) return errorReply(404, "UNSUPPORTED", "page not found")
  const wanted = exchange.url.searchParams.get("artifactType")
  const filters = wanted !== null && !state.quirks.noReferrersFilter
  const manifests = state.referrers(name, reference).filter((each) => !filters || each.artifactType === wanted)
  return jsonReply(
    200,
    { schemaVersion: 2, mediaType: "application/vnd.oci.image.index.v1+json", manifests },
    { "content-type": "application/vnd.oci.image.index.v1+json", ...(filters ? { "oci-filters-applied": "artifactType" } : {}) },
  )
}
