/** Names that a million jobs share among them: a few images that everybody mirrors, and thousands of one team each. */
export const nameCount = 5000

/** One job in a million has this source. */
export const needle = "quay.io/rare/needle-in-haystack:1"

const popular = ["nginx", "redis", "mongo", "golang", "postgres"]
const registries = ["docker.io", "ghcr.io", "quay.io", "gcr.io", "registry.k8s.io", "mcr.microsoft.com"]

export interface HistoryName {
  readonly source: string
  readonly target: string
  readonly sourceHost: string
  readonly targetHost: string
}

/** The name number `n` of `nameCount`: two fifths are tags of the popular images, a fifth of all of nginx. */
export function historyName(n: number): HistoryName {
  const targetHost = `harbor-${n % 37}.example.com`
  const common = n % 5 === 0 ? popular[0] : n % 5 === 1 ? popular[1 + (((n / 5) | 0) % (popular.length - 1))] : undefined
  if (common !== undefined) {
    const image = `${common}:${1 + (n % 3)}.${n % 97}`
    return { source: image, target: `${targetHost}/proxy/library/${image}`, sourceHost: "docker.io", targetHost }
  }
  const sourceHost = registries[n % registries.length] ?? "docker.io"
  const image = `team-${n % 211}/service-${n}:v${n % 9}.${n % 53}`
  return { source: `${sourceHost}/${image}`, target: `${targetHost}/proxy/${image}`, sourceHost, targetHost }
}
