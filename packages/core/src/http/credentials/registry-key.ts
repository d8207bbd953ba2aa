/** What a key of Docker's `auths` stands for. */
export interface RegistryKey {
  /** `host[:port]`, without the https port; every name of Docker Hub is `docker.io`. */
  readonly host: string
  /** Namespace or repository that the entry is limited to (containers-auth.json(5)); empty for the whole host. */
  readonly path: string
}

/** Under this key Docker's own file and the credential helpers keep Docker Hub's entry. */
const dockerHubKey = "https://index.docker.io/v1/"
const dockerHubNames = new Set(["docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"])

/**
 * Reads a key: `host`, `host/namespace`, and the old forms with a scheme (`https://index.docker.io/v1/`), whose path means nothing.
 * Never throws.
 */
export function readRegistryKey(key: string): RegistryKey {
  const scheme = /^https?:\/\//i.exec(key)
  const rest = key.slice(scheme?.[0].length ?? 0)
  const slash = rest.indexOf("/")
  const host = canonicalHost(slash < 0 ? rest : rest.slice(0, slash))
  const path = slash < 0 ? "" : rest.slice(slash + 1).replace(/\/+$/, "")
  return { host, path: scheme || path === "v1" || path === "v2" ? "" : path }
}

/** The key under which a host's entry is written, and which a credential helper is asked for. */
export function writtenKey(host: string): string {
  const key = readRegistryKey(host)
  if (key.host === "docker.io" && key.path === "") return dockerHubKey
  return key.path === "" ? key.host : `${key.host}/${key.path}`
}

/** Whether an entry that is limited to `path` is meant for `repository`: whole segments count. */
export function coversRepository(path: string, repository: string | undefined): boolean {
  return path === "" || repository === path || repository?.startsWith(`${path}/`) === true
}

function canonicalHost(host: string): string {
  const plain = host.toLowerCase().replace(/:443$/, "")
  return dockerHubNames.has(plain) ? "docker.io" : plain
}
