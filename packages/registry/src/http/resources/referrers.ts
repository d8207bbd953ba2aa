import { type Descriptor, isDigest, mediaTypes } from "@entrepot/core"
import { invalidDigest } from "../invalid-digest.ts"
import { mostPerPage, nextPage, readPage } from "../pagination.ts"
import { type RepositoryVisit, readable } from "../repository-visit.ts"
import type { RouteOf } from "../route.ts"
import { servedHeaders } from "../served-headers.ts"

/** A page is an index, and clients read no manifest that is larger than 4 MiB. */
const mostBytes = 4 * 1024 * 1024 - 1024

/** GET (distribution-spec, "Listing Referrers"), filtered by `artifactType`. A subject that nobody has heard of has none. */
export async function sendReferrers(visit: RepositoryVisit, route: RouteOf<"referrers">): Promise<void> {
  const { exchange } = visit
  const { digest } = route
  if (digest === undefined) throw invalidDigest()
  const { limit, after } = readPage(exchange)
  const artifactType = exchange.query.get("artifactType")
  const most = limit === 0 ? mostPerPage : limit
  const page = { limit: most, after: isDigest(after ?? "") ? after : undefined, artifactType: artifactType ?? undefined }
  const all = await readable(visit).referrers(digest, exchange.signal, page)
  const wanted = artifactType === null ? all : all.filter((descriptor) => descriptor.artifactType === artifactType)
  const rest = behind(wanted, after)
  const manifests = pageOf(rest, most)
  const last = manifests.at(-1)
  const link = last !== undefined && manifests.length < rest.length ? nextPage(exchange, manifests.length, last.digest) : []
  const filters = artifactType === null ? [] : ["OCI-Filters-Applied", "artifactType"]
  exchange.sendJson(
    200,
    { schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests },
    [...link, ...filters, ...servedHeaders(visit, { cache: "hit" })],
    mediaTypes.ociIndex,
  )
}

/** Those that come after one in the list's own order; all, where it has gone meanwhile: twice is better than never. */
function behind(list: readonly Descriptor[], digest: string | undefined): readonly Descriptor[] {
  if (digest === undefined) return list
  return list.slice(list.findIndex((descriptor) => descriptor.digest === digest) + 1)
}

function pageOf(list: readonly Descriptor[], limit: number): readonly Descriptor[] {
  const page: Descriptor[] = []
  let bytes = 0
  for (const descriptor of list.slice(0, limit)) {
    bytes += Buffer.byteLength(JSON.stringify(descriptor)) + 1
    if (bytes > mostBytes && page.length > 0) break
    page.push(descriptor)
  }
  return page
}
