import { looksLikeHost } from "@entrepot/core"

/**
 * Prefixes of names, matched by whole path components. An image of Docker Hub is met by its canonical name (`docker.io/library/nginx`) and by every way
 * in which people shorten it (`docker.io/nginx`, `library/nginx`, `nginx`).
 */
export class PrefixSet {
  readonly #prefixes: ReadonlySet<string>

  constructor(prefixes: Iterable<string>) {
    this.#prefixes = new Set(prefixes)
  }

  get size(): number {
    return this.#prefixes.size
  }

  /** `name` is canonical. */
  covers(name: string): boolean {
    if (this.#prefixes.size === 0) return false
    if (this.#hasPrefixOf(name)) return true
    if (!name.startsWith(hub)) return false
    const path = name.slice(hub.length)
    // A path that begins like a host would be met by rules for that host.
    if (looksLikeHost(componentOf(path))) return false
    if (this.#hasPrefixOf(path)) return true
    if (!path.startsWith(official)) return false
    const familiar = path.slice(official.length)
    return this.#prefixes.has(familiar) || this.#prefixes.has(hub + familiar)
  }

  #hasPrefixOf(name: string): boolean {
    for (let slash = name.indexOf("/"); slash !== -1; slash = name.indexOf("/", slash + 1)) {
      if (this.#prefixes.has(name.slice(0, slash))) return true
    }
    return this.#prefixes.has(name)
  }
}

const hub = "docker.io/"
const official = "library/"

function componentOf(path: string): string {
  const slash = path.indexOf("/")
  return slash === -1 ? path : path.slice(0, slash)
}
