import { RegistryError } from "../../registry-error.ts"
import type { Exchange } from "../exchange.ts"
import { invalidDigest } from "../invalid-digest.ts"
import { type RepositoryVisit, writable } from "../repository-visit.ts"
import { readBody } from "../request-body.ts"
import { isTag, type RouteOf } from "../route.ts"

/** What the specification asks registries to take at least. */
const mostBytes = 4 * 1024 * 1024
/** Tags of one request; the specification asks for at least ten. */
const mostTags = 100

/** PUT (distribution-spec, "Pushing Manifests"), with the `tag` parameter for several tags at once. */
export async function putManifest(visit: RepositoryVisit, route: RouteOf<"manifest">): Promise<void> {
  const { exchange } = visit
  const repository = writable(visit)
  const { reference } = route
  if (route.referenceKind === "neither") throw unnameable(reference)
  const tags = readTags(exchange, route)
  const bytes = await readBody(exchange.request, {
    mostBytes,
    idleMs: exchange.parts.bodyIdleMs,
    onBytes: (count) => {
      exchange.bytes += count
    },
  })
  const type = exchange.request.headers["content-type"]
  const { digest, subject } = await (tags.length === 0
    ? repository.putManifest(reference, type, bytes)
    : repository.putManifest(reference, type, bytes, tags))
  exchange.sendEmpty(201, [
    ...["Location", `/v2/${route.name}/manifests/${digest}`],
    ...["Docker-Content-Digest", digest],
    ...(subject === undefined ? [] : ["OCI-Subject", subject]),
    ...tags.flatMap((tag) => ["OCI-Tag", tag]),
  ])
}

/** DELETE of a tag, or of a manifest with all its tags (distribution-spec, "Deleting tags" and "Deleting Manifests"). */
export async function deleteManifest(visit: RepositoryVisit, route: RouteOf<"manifest">): Promise<void> {
  const repository = writable(visit)
  const { name, reference } = route
  if (route.referenceKind === "neither")
    throw new RegistryError("MANIFEST_UNKNOWN", `${name} has no such manifest`, {
      detail: { name, reference: reference.slice(0, 300) },
    })
  await repository.deleteManifest(reference)
  visit.exchange.sendEmpty(202)
}

function readTags(exchange: Exchange, route: RouteOf<"manifest">): readonly string[] {
  const tags = [...new Set(exchange.query.getAll("tag"))]
  if (tags.length === 0) return tags
  if (route.referenceKind !== "digest")
    throw new RegistryError("TAG_INVALID", "the tag parameter is for manifests that are pushed by digest")
  if (tags.length > mostTags)
    throw new RegistryError("TAG_INVALID", `a manifest gets at most ${mostTags} tags at once`, { status: 414 })
  for (const tag of tags) if (!isTag(tag)) throw unnameable(tag)
  return tags
}

function unnameable(reference: string): RegistryError {
  if (reference.includes(":")) return invalidDigest(reference)
  return new RegistryError("TAG_INVALID", "a tag has letters, digits, dots, hyphens and underscores, at most 128 of them", {
    detail: { reference: reference.slice(0, 300) },
  })
}
