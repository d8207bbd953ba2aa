import { cacheKey, readCacheIndex } from "./cache-index.ts"

/** An image of the cache by name. */
export interface CachedName {
  readonly repository: string
  readonly reference: string
}

/**
 * The name under which the cache has an image: as it is written, or, where that has one part, below `library/`, as images of Docker Hub are
 * kept. The name itself when the cache has neither.
 */
export async function findCached<Name extends CachedName>(directory: string, name: Name): Promise<Name> {
  if (name.repository.includes("/")) return name
  const index = await readCacheIndex(directory)
  const below = { ...name, repository: `library/${name.repository}` }
  const has = ({ repository, reference }: CachedName) => index[cacheKey(repository, reference)] !== undefined
  return !has(name) && has(below) ? below : name
}
