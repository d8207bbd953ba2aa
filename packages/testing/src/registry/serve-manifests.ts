import { createHash } from "node:crypto"
import type { Exchange } from "./exchange.ts"
import type { RegistryState } from "./registry-state.ts"
import { errorReply, type Reply } from "./reply.ts"
import type { Repository } from "./repository.ts"

interface AnyManifest {
  mediaType?: string
  config?: { digest: string }
  layers?: { digest: string; urls?: string[] }[]
  manifests?: { digest: string }[]
  subject?: { digest: string }
}

/** distribution-spec end-2, end-7 and end-9: pull, push and delete of manifests. */
export async function serveManifest(exchange: Exchange, state: RegistryState): Promise<Reply> {
  const { repository: name = "", reference = "" } = exchange.route
  if (exchange.method === "PUT") return await put(exchange, state, name, reference)
  const repository = state.repositories.get(name)
  if (!repository) return errorReply(404, "NAME_UNKNOWN", "repository name not known to registry")
  const found = repository.manifest(reference)
  if (!found) return errorReply(404, "MANIFEST_UNKNOWN", "manifest unknown")
  if (exchange.method === "DELETE") {
    deleteManifest(repository, reference)
    return { status: 202 }
  }
  const limited = exchange.method === "GET" ? state.countPull() : undefined
  if (limited?.refusal) return limited.refusal
  const wrong = exchange.strikes("wrongDigestHeader") && exchange.fault?.fault
  const digest = wrong && wrong.as === "wrongDigestHeader" ? (wrong.digest ?? `sha256:${"0".repeat(64)}`) : found.digest
  return {
    status: 200,
    headers: {
      "content-type": found.mediaType,
      ...(state.quirks.dropDigestHeader ? {} : { "docker-content-digest": digest }),
      ...limited?.headers,
    },
    body: found.bytes,
  }
}

/** Deletes a tag, or a manifest with every tag on it. */
export function deleteManifest(repository: Repository, reference: string): void {
  if (!reference.includes(":")) {
    repository.tags.delete(reference)
    return
  }
  repository.manifests.delete(reference)
  for (const [tag, digest] of repository.tags) if (digest === reference) repository.tags.delete(tag)
}

async function put(exchange: Exchange, state: RegistryState, name: string, reference: string): Promise<Reply> {
  const bytes = await exchange.bodyBytes(state.quirks.manifestLimitBytes ?? 4 * 1024 * 1024)
  if (!bytes) return errorReply(413, "SIZE_INVALID", "manifest too large")
  const repository = state.repository(name)
  const contentType = (exchange.incoming.headers["content-type"] ?? "").split(";")[0]?.trim() ?? ""
  let manifest: AnyManifest
  try {
    manifest = JSON.parse(bytes.toString())
  } catch {
    return errorReply(400, "MANIFEST_INVALID", "manifest is not JSON")
  }
  if (manifest.mediaType !== undefined && manifest.mediaType !== contentType)
    return errorReply(400, "MANIFEST_INVALID", `mediaType ${manifest.mediaType} is not the Content-Type ${contentType}`)
  const algorithm = reference.startsWith("sha512:") ? "sha512" : "sha256"
  const digest = `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`
  if (reference.includes(":") && reference !== digest)
    return errorReply(400, "DIGEST_INVALID", `the manifest hashes to ${digest}`)
  const missing = missingParts(manifest, repository, state.quirks.sparseIndexes ?? false)
  if (missing.length > 0) {
    const errors = missing.map((each) => ({
      code: "MANIFEST_BLOB_UNKNOWN",
      message: "blob unknown to registry",
      detail: { digest: each },
    }))
    return { status: 400, headers: { "content-type": "application/json" }, body: Buffer.from(JSON.stringify({ errors })) }
  }
  repository.manifests.set(digest, { bytes, mediaType: contentType })
  if (!reference.includes(":")) repository.tags.set(reference, digest)
  return {
    status: 201,
    headers: {
      location: state.location(exchange, `/v2/${name}/manifests/${digest}`),
      "docker-content-digest": digest,
      ...(manifest.subject && !state.quirks.noReferrers ? { "oci-subject": manifest.subject.digest } : {}),
    },
  }
}

function missingParts(manifest: AnyManifest, repository: Repository, sparse: boolean): string[] {
  const blobs = [...(manifest.config ? [manifest.config] : []), ...(manifest.layers ?? []).filter((layer) => !layer.urls?.length)]
  const children = sparse ? [] : (manifest.manifests ?? [])
  return [
    ...blobs.filter((blob) => !repository.blobs.has(blob.digest)),
    ...children.filter((child) => !repository.manifests.has(child.digest)),
  ].map((each) => each.digest)
}
