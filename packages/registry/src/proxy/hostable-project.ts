import { looksLikeHost } from "@entrepot/core"

/** Docker Hub's official images, which mirrors of Docker ask for as `library/nginx`; and the path of the registry itself. */
const reserved: ReadonlySet<string> = new Set(["library", "v2"])

/** Whether images of a project of that name can be asked for here: one that reads like a registry would stand before that registry's own images. */
export function isHostableProject(name: string): boolean {
  return !reserved.has(name) && !looksLikeHost(name)
}
