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
    return this.find(name) !== undefined
  }

  /** The shortest prefix that covers a canonical name. */
  find(name: string): string | undefined {
    if (this.#prefixes.size === 0) return undefined
    const whole = this.#prefixOf(name)
    if (whole !== undefined || !name.startsWith(hub)) return whole
    const path = name.slice(hub.length)
    // A path that begins like a host would be met by rules for that host.
    if (looksLikeHost(componentOf(path))) return undefined
    const short = this.#prefixOf(path)
    if (short !== undefined || !path.startsWith(official)) return short
    const familiar = path.slice(official.length)
    return this.#present(familiar) ?? this.#present(hub + familiar)
  }

  #prefixOf(name: string): string | undefined {
    for (let slash = name.indexOf("/"); slash !== -1; slash = name.indexOf("/", slash + 1)) {
      const prefix = this.#present(name.slice(0, slash))
      if (prefix !== undefined) return prefix
    }
    return this.#present(name)
  }

  #present(prefix: string): string | undefined {
    return this.#prefixes.has(prefix) ? prefix : undefined
  }
}

const hub = "docker.io/"
const official = "library/"

function componentOf(path: string): string {
  const slash = path.indexOf("/")
  return slash === -1 ? path : path.slice(0, slash)
}
