import type { Reference } from "./reference.ts"
import { looksLikeHost } from "./scan.ts"

/** Everything written out: `docker.io/library/nginx:latest`. */
export function formatCanonical(reference: Reference): string {
  return `${reference.registry}/${reference.repository}${suffixOf(reference)}`
}

/** As short as Docker shows it, and still the same reference when parsed again: `nginx:latest`. */
export function formatFamiliar(reference: Reference): string {
  return formatFamiliarName(reference) + suffixOf(reference)
}

/** The familiar form without tag and digest: `nginx`, `bitnami/redis`, `gcr.io/google-containers/pause`. */
export function formatFamiliarName(reference: Reference): string {
  const { registry, repository } = reference
  if (registry !== "docker.io") return `${registry}/${repository}`
  const parts = repository.split("/")
  if (parts.length === 2 && parts[0] === "library") return parts[1] ?? repository
  return looksLikeHost(parts[0] ?? "") ? `docker.io/${repository}` : repository
}

/** What a registry is asked for: the digest where there is one, else the tag. */
export function referenceTarget(reference: Reference): string {
  return reference.digest ?? reference.tag ?? "latest"
}

/** Host of the registry's API: `registry-1.docker.io` for Docker Hub, otherwise the registry itself. */
export function registryHost(reference: Pick<Reference, "registry">): string {
  return reference.registry === "docker.io" ? "registry-1.docker.io" : reference.registry
}

/** Everything before the last part of the path: `library` for nginx, empty where the path has one part. */
export function namespaceOf(reference: Reference): string {
  return reference.repository.slice(0, Math.max(0, reference.repository.lastIndexOf("/")))
}

/** The last part of the path: `nginx`. */
export function imageNameOf(reference: Reference): string {
  return reference.repository.slice(reference.repository.lastIndexOf("/") + 1)
}

function suffixOf({ tag, digest }: Reference): string {
  return `${tag === undefined ? "" : `:${tag}`}${digest === undefined ? "" : `@${digest}`}`
}
