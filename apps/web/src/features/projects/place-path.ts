import { looksLikeHost } from "@entrepot/core/reference"

/** What a page below `/projects` is about: a project, a registry that is read through, or a repository of either. */
export interface PagePlace {
  readonly kind: "project" | "registry" | "repository"
  /** `team`, `docker.io`, `docker.io/library/nginx`. */
  readonly name: string
}

/** Where the page of a project, registry or repository is: `/projects/docker.io/library/nginx`. */
export function pathOf(name: string): string {
  return `/projects/${name.split("/").map(encodeURIComponent).join("/")}`
}

/** Where the page of one image of a repository is. */
export function imagePathOf(repository: string, digest: string): string {
  return `${pathOf(repository)}?image=${encodeURIComponent(digest)}`
}

/** What the path's steps below `/projects` name, as the browser wrote them; undefined for what names nothing. */
export function placeOf(steps: readonly string[]): PagePlace | undefined {
  const names: string[] = []
  for (const step of steps) {
    try {
      names.push(decodeURIComponent(step))
    } catch {
      return undefined
    }
  }
  const name = names.join("/")
  if (name === "" || name.length > 512 || names.includes("")) return undefined
  return { kind: names.length > 1 ? "repository" : looksLikeHost(name) ? "registry" : "project", name }
}

/** The project or registry that a repository belongs to, and its name there. */
export function splitRepository(name: string): { readonly within: string; readonly rest: string } {
  const slash = name.indexOf("/")
  return slash === -1 ? { within: name, rest: "" } : { within: name.slice(0, slash), rest: name.slice(slash + 1) }
}
