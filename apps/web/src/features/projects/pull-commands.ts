import type { RegistryPlace } from "@entrepot/client"

/** Programs that can be told to fetch an image, Docker first. */
export const pullClients = ["docker", "podman", "skopeo", "crane", "containerd"] as const
export type PullClient = (typeof pullClients)[number]

/** `team/app:1`, `team/app@sha256:…`: a tag or digest of a repository. */
export function referenceOf(repository: string, reference: string): string {
  return `${repository}${reference.includes(":") ? "@" : ":"}${reference}`
}

/**
 * The line that fetches an image with each program, to be typed as it stands. Over plain HTTP most of them have to be told so; Docker is told by its own
 * configuration.
 */
export function pullCommands(
  { host, origin }: Pick<RegistryPlace, "host" | "origin">,
  repository: string,
  reference: string,
): Readonly<Record<PullClient, string>> {
  const image = `${host}/${referenceOf(repository, reference)}`
  const isPlain = origin.startsWith("http:")
  const directory = repository.slice(repository.lastIndexOf("/") + 1)
  return {
    docker: `docker pull ${image}`,
    podman: `podman pull ${isPlain ? "--tls-verify=false " : ""}${image}`,
    skopeo: `skopeo copy --all ${isPlain ? "--src-tls-verify=false " : ""}docker://${image} oci:${directory}`,
    crane: `crane pull ${isPlain ? "--insecure " : ""}${image} ${directory}.tar`,
    containerd: `ctr images pull ${isPlain ? "--plain-http " : ""}${image}`,
  }
}
