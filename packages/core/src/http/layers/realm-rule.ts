/** A registry and the token server that belongs to it although they share no domain. `*` stands for one label. */
export interface RealmPair {
  readonly registry: string
  readonly realm: string
}

/** Public services whose token server is elsewhere. */
export const knownRealmPairs: readonly RealmPair[] = [
  { registry: "registry-1.docker.io", realm: "auth.docker.io" },
  { registry: "registry.*.aliyuncs.com", realm: "dockerauth.*.aliyuncs.com" },
]

/**
 * Whether a registry's credentials may go to the realm that the registry named (RELIABILITY S1): the same host and port; or over https
 * to the same registrable domain (private suffixes such as github.io count as suffixes); or to a configured pair, over plain HTTP only where
 * the registry itself speaks it. Otherwise the token is asked for anonymously. Never from https to http.
 */
export async function mayReceiveCredentials(registry: URL, realm: URL, pairs = knownRealmPairs): Promise<boolean> {
  if (registry.protocol === "https:" && realm.protocol !== "https:") return false
  if (hostAndPort(registry) === hostAndPort(realm)) return true
  if (pairs.some((pair) => matchPair(pair, registry, realm))) return true
  return realm.protocol === "https:" && (await sameRegistrableDomain(registry, realm))
}

function hostAndPort(url: URL): string {
  return `${url.hostname}:${url.port || (url.protocol === "https:" ? "443" : "80")}`
}

async function sameRegistrableDomain(one: URL, other: URL): Promise<boolean> {
  // Loaded on demand: reading the suffix list takes a good part of what a whole command may take.
  const { getDomain } = await import("tldts")
  const domainOf = (url: URL) => getDomain(url.hostname, { allowPrivateDomains: true, extractHostname: false })
  const domain = domainOf(one)
  return domain !== null && domain === domainOf(other)
}

/** Both sides must match, and what `*` stands for must be the same text in both: a region's credentials stay in the region. */
function matchPair(pair: RealmPair, registry: URL, realm: URL): boolean {
  const left = matchPattern(pair.registry, registry)
  const right = matchPattern(pair.realm, realm)
  return left !== undefined && left === right
}

function matchPattern(pattern: string, url: URL): string | undefined {
  const wanted = (pattern.includes(":") ? pattern : `${pattern}:443`).split(".")
  const labels = hostAndPort(url).split(".")
  if (wanted.length !== labels.length) return undefined
  let star = ""
  for (const [index, label] of labels.entries()) {
    if (wanted[index] === "*") star = label
    else if (wanted[index] !== label) return undefined
  }
  return star
}
