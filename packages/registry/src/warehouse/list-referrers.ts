import type { Descriptor, Digest } from "@entrepot/core"
import type { StoredManifest, WarehouseStore } from "@entrepot/db/stores"
import type { ReferrerPage } from "./readable-repository.ts"

/** Rows that are read at once: the annotations of each may be as long as a manifest, and anybody who may push writes them (RELIABILITY S9). */
const rowsAtOnce = 16

/** More than a page of the list has. */
const mostBytes = 4 * 1024 * 1024

/** No manifest has longer ones. */
const longestAnnotations = 64 * 1024 * 1024

/** What a repository itself knows of those that refer to a manifest, by digest: enough for the page, and whether there is more behind it. */
export async function listReferrers(
  store: Pick<WarehouseStore, "referrers">,
  repositoryId: number,
  subject: Digest,
  { after, artifactType, limit = Number.POSITIVE_INFINITY }: ReferrerPage = {},
): Promise<readonly Descriptor[]> {
  const list: Descriptor[] = []
  let bytes = 0
  for (let cursor = after; list.length <= limit && bytes <= mostBytes; cursor = list.at(-1)?.digest) {
    const query = { after: cursor, artifactType, limit: rowsAtOnce, longestAnnotations }
    const found = (await store.referrers(repositoryId, subject, query)).map(descriptorOf)
    list.push(...found)
    bytes += found.reduce((sum, each) => sum + JSON.stringify(each).length, 0)
    if (found.length < rowsAtOnce) break
  }
  return list
}

function descriptorOf({ mediaType, digest, sizeBytes, artifactType, annotations }: StoredManifest): Descriptor {
  return {
    mediaType,
    digest,
    size: sizeBytes,
    ...(artifactType === null ? {} : { artifactType }),
    ...(annotations === null ? {} : { annotations }),
  }
}
