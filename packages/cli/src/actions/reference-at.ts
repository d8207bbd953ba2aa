import { parseReference, type Reference } from "@entrepot/core"

/**
 * The reference that seed 4's three options mean together: registry, `-r` repository, `-t` tag or digest.
 * @throws TransferError `reference_invalid`.
 */
export function referenceAt(registry: string, repository: string, tagOrDigest: string): Reference {
  return parseReference(`${registry}/${repository}${tagOrDigest.includes(":") ? "@" : ":"}${tagOrDigest}`)
}
