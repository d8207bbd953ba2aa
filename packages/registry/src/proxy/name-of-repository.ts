import type { Repository } from "@entrepot/db/stores"
import type { ResolvedName } from "./resolved-name.ts"

/** What a repository of the warehouse is called. */
export function nameOfRepository({ name, registry }: Pick<Repository, "name" | "registry">): ResolvedName {
  if (registry === null) return { kind: "hosted", project: name.slice(0, name.indexOf("/")), name }
  return { kind: "proxied", name, registry, path: name.slice(registry.length + 1) }
}
