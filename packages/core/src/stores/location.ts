import { isDigest } from "../content/digest.ts"
import { TransferError } from "../errors/transfer-error.ts"
import { formatFamiliar, parseReference, type Reference } from "../reference/index.ts"

/** Where an image is, or is to go: a transport string in parts. `reference` of the paths is a tag or a digest. */
export type Location =
  | { readonly transport: "docker"; readonly reference: Reference }
  | { readonly transport: "oci"; readonly path: string; readonly reference?: string }
  | { readonly transport: "oci-archive"; readonly path: string; readonly reference?: string }
  /** `reference`: the image's name in the archive, or its place there, from 0. */
  | { readonly transport: "docker-archive"; readonly path: string; readonly reference?: Reference | number }
  | { readonly transport: "docker-daemon"; readonly reference: Reference }
  /** `repository` as the cache names it: `library/nginx`, `gcr.io/google-containers/pause`. `reference` is a tag or a digest. */
  | { readonly transport: "cache"; readonly repository: string; readonly reference: string }

export type CacheLocation = Extract<Location, { transport: "cache" }>

const forms =
  "docker://NAME, oci:DIR[:TAG], oci-archive:FILE[:TAG], docker-archive:FILE[:NAME], docker-daemon:NAME, cache:NAME[:TAG]"

/**
 * Reads a transport string; a bare name is `docker://`. A path has no colon in it, since the first one ends it.
 * @throws TransferError `usage`, or `reference_invalid` for a wrong image name.
 */
export function parseLocation(text: string): Location {
  const trimmed = text.trim()
  const [, transport = "", rest = ""] =
    /^(docker|oci|oci-archive|docker-archive|docker-daemon|cache|dir|containers-storage):(.*)$/s.exec(trimmed) ?? []
  if (transport === "docker" && rest.startsWith("//")) return { transport: "docker", reference: parseReference(rest.slice(2)) }
  const unknown = transport === "" ? /^([a-z][a-z-]{0,30}):[./]/.exec(trimmed)?.[1] : undefined
  if (unknown !== undefined) throw refuse(trimmed, `uses ${unknown}:, which is not spoken here`, `use one of ${forms}`)
  switch (transport) {
    case "oci":
    case "oci-archive":
      return { transport, ...splitPath(trimmed, rest) }
    case "docker-archive":
      return parseDockerArchive(trimmed, rest)
    case "docker-daemon":
      if (rest === "") throw refuse(trimmed, "names no image", "write docker-daemon:nginx:latest")
      return { transport, reference: parseReference(rest) }
    case "cache":
      if (rest === "") throw refuse(trimmed, "names no image", "write cache:library/nginx:latest")
      return rest.includes("/") ? cacheLocation(parseReference(rest)) : withoutLibrary(cacheLocation(parseReference(rest)))
    case "dir":
    case "containers-storage":
      throw refuse(trimmed, `uses ${transport}:, which is not spoken here`, `use one of ${forms}`)
    default:
      if (trimmed === "") throw refuse(trimmed, "is empty", `use one of ${forms}`)
      return { transport: "docker", reference: parseReference(trimmed) }
  }
}

/** How the cache names an image: its repository on Docker Hub as it is, everywhere else with the registry before it. */
export function cacheLocation(reference: Reference): CacheLocation {
  const repository = reference.registry === "docker.io" ? reference.repository : `${reference.registry}/${reference.repository}`
  return { transport: "cache", repository, reference: reference.digest ?? reference.tag ?? "latest" }
}

/** A name of one part is taken at its word, as in `pull -r app`; reading looks under `library/` too. */
function withoutLibrary(location: CacheLocation): CacheLocation {
  return { ...location, repository: location.repository.replace(/^library\//, "") }
}

/** The transport string of a location; parsing it gives the location again. */
export function formatLocation(location: Location): string {
  switch (location.transport) {
    case "docker":
      return `docker://${formatFamiliar(location.reference)}`
    case "docker-daemon":
      return `docker-daemon:${formatFamiliar(location.reference)}`
    case "cache":
      return `cache:${location.repository}${formatSuffix(location.reference)}`
    case "docker-archive": {
      const { path, reference } = location
      if (reference === undefined) return `docker-archive:${path}`
      return typeof reference === "number"
        ? `docker-archive:${path}:@${reference}`
        : `docker-archive:${path}:${formatFamiliar(reference)}`
    }
    default:
      return `${location.transport}:${location.path}${location.reference === undefined ? "" : formatSuffix(location.reference)}`
  }
}

function formatSuffix(tagOrDigest: string): string {
  return isDigest(tagOrDigest) ? `@${tagOrDigest}` : `:${tagOrDigest}`
}

function splitPath(text: string, rest: string): { path: string; reference?: string } {
  const at = rest.search(/@sha(256|512):/)
  if (at >= 0) {
    const reference = rest.slice(at + 1)
    if (!isDigest(reference))
      throw refuse(text, "ends in something that is no digest", "a digest is sha256: and 64 hexadecimal digits")
    return { path: checkPath(text, rest.slice(0, at)), reference }
  }
  const colon = rest.indexOf(":")
  if (colon < 0) return { path: checkPath(text, rest) }
  const reference = rest.slice(colon + 1)
  if (reference === "") throw refuse(text, "ends in a colon without a tag", "leave the colon away, or write a tag after it")
  if (reference.length > 512) throw refuse(text, "has a tag of more than 512 characters", "use a shorter one")
  return { path: checkPath(text, rest.slice(0, colon)), reference }
}

function parseDockerArchive(text: string, rest: string): Location {
  const colon = rest.indexOf(":")
  const path = checkPath(text, colon < 0 ? rest : rest.slice(0, colon))
  if (colon < 0) return { transport: "docker-archive", path }
  const name = rest.slice(colon + 1)
  if (name === "")
    throw refuse(text, "ends in a colon without a name", "leave the colon away, or write the image's name after it")
  if (!name.startsWith("@")) return { transport: "docker-archive", path, reference: parseReference(name) }
  if (!/^@\d{1,6}$/.test(name)) throw refuse(text, `has no number after @`, "write :@0 for the first image of the archive")
  return { transport: "docker-archive", path, reference: Number(name.slice(1)) }
}

function checkPath(text: string, path: string): string {
  if (path === "") throw refuse(text, "names no path", `use one of ${forms}`)
  if (path.includes("\0")) throw refuse(text, "has a NUL byte in its path", "write the path without it")
  return path
}

function refuse(text: string, why: string, hint: string): TransferError {
  return new TransferError("usage", `"${text.slice(0, 120)}" ${why}`, { hint })
}
