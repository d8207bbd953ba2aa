import type { Descriptor } from "@entrepot/core"
import { RegistryError } from "../../registry-error.ts"
import type { Provenance, ServedManifest } from "../../warehouse/readable-repository.ts"
import { cacheControl, cacheHeaders } from "../cache-policy.ts"
import { commonHeaders } from "../common-headers.ts"
import { etagOf, isKnownToClient } from "../conditional.ts"
import { invalidDigest } from "../invalid-digest.ts"
import { manifestHeaders, prepareManifest } from "../prepared-manifest.ts"
import { type RepositoryQuestion, type RepositoryVisit, readable } from "../repository-visit.ts"
import type { RouteOf } from "../route.ts"
import { servedHeaders } from "../served-headers.ts"

/**
 * GET and HEAD (distribution-spec, "Pulling manifests"). What is there is served whatever the client accepts: a digest has one type only, and for a
 * tag the specification knows no other answer. So answers do not vary by Accept.
 */
export function sendManifest(visit: RepositoryVisit, route: RouteOf<"manifest">): void | Promise<void> {
  const { exchange } = visit
  if (route.referenceKind === "neither") throw misnamed(route)
  const repository = readable(visit)
  const remembered = repository.recall?.(route.reference)
  if (remembered !== undefined) return sendWhole(visit, route, remembered)
  if (exchange.isHead) {
    return repository
      .describe(route.reference, exchange.signal)
      .then((described) => sendDescription(visit, route, described ?? unknown(route)))
  }
  return repository
    .manifest(route.reference, exchange.signal)
    .then((manifest) => sendWhole(visit, route, manifest ?? unknown(route)))
}

function sendWhole(visit: RepositoryVisit, route: RouteOf<"manifest">, manifest: ServedManifest): void {
  const { exchange } = visit
  exchange.cameFrom(manifest)
  if (isKnownToClient(exchange.request.headers["if-none-match"], manifest.descriptor.digest)) {
    sendUnchanged(visit, route, manifest)
    return
  }
  const prepared = prepareManifest(manifest)
  const headers = prepared.headers(policyOf(visit, route, manifest))
  const more = servedHeaders(visit, manifest)
  exchange.send(200, more.length === 0 ? headers : [...headers, ...more], prepared.body, "latin1")
}

type Described = Provenance & { readonly descriptor: Descriptor }

function sendDescription(visit: RepositoryVisit, route: RouteOf<"manifest">, described: Described): void {
  const { exchange } = visit
  exchange.cameFrom(described)
  if (isKnownToClient(exchange.request.headers["if-none-match"], described.descriptor.digest)) {
    sendUnchanged(visit, route, described)
    return
  }
  const headers = manifestHeaders(described.descriptor, policyOf(visit, route, described))
  exchange.send(200, [...headers, ...servedHeaders(visit, described)])
}

function sendUnchanged(visit: RepositoryVisit, route: RouteOf<"manifest">, described: Described): void {
  const { digest } = described.descriptor
  visit.exchange.send(304, [
    ...["ETag", etagOf(digest)],
    ...["Docker-Content-Digest", digest],
    ...cacheHeaders(policyOf(visit, route, described)),
    ...commonHeaders,
    ...servedHeaders(visit, described),
  ])
}

/** Cache-Control of a manifest. */
export function policyOf(
  { exchange, admission }: RepositoryQuestion,
  { referenceKind }: RouteOf<"manifest">,
  { cache }: Pick<Provenance, "cache">,
): string {
  const lifetime = referenceKind === "digest" ? "forever" : cache === "stale" ? "stale" : "tag"
  return cacheControl(admission, lifetime, exchange.parts.tagCacheS)
}

function misnamed({ reference }: RouteOf<"manifest">): RegistryError {
  if (reference.includes(":")) return invalidDigest(reference)
  return new RegistryError("MANIFEST_UNKNOWN", "no tag can have this name", { detail: { reference: reference.slice(0, 300) } })
}

function unknown({ name, reference }: RouteOf<"manifest">): never {
  throw new RegistryError("MANIFEST_UNKNOWN", `${name} has no manifest ${reference}`, { detail: { name, reference } })
}
