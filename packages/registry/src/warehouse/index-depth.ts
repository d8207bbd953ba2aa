import { type Digest, manifestLimits } from "@entrepot/core"
import type { ManifestReference, WarehouseStore } from "@entrepot/db/stores"

/** An index in an index in an index (RELIABILITY S9). */
export const indexDepthLimit = manifestLimits.depth

/** Manifests that are looked at for one answer: indexes of indexes of a thousand each would keep the database busy. */
const mostVisited = 3000

/** Whether a manifest that names these would nest indexes too deep, or leads to too many others for us to tell. */
export async function indexIsTooDeep(store: WarehouseStore, references: readonly ManifestReference[]): Promise<boolean> {
  const visited = new Set<Digest>()
  let level = manifestsOf(references)
  for (let depth = 1; level.length > 0; depth++) {
    const next: Digest[] = []
    for (const digest of level) {
      if (visited.has(digest)) continue
      visited.add(digest)
      if (visited.size > mostVisited) return true
      const children = manifestsOf(await store.referencesOf(digest))
      // `digest` is an index that stands so deep below the new one, which is an index too.
      if (children.length > 0 && depth >= indexDepthLimit) return true
      next.push(...children)
    }
    level = next
  }
  return false
}

function manifestsOf(references: readonly ManifestReference[]): Digest[] {
  return references.filter(({ kind }) => kind === "manifest").map(({ digest }) => digest)
}
