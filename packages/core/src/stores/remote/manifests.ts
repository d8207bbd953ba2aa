import type { Descriptor } from "../../content/descriptor.ts"
import { type Digest, digestOf, isDigest, splitDigest } from "../../content/digest.ts"
import { manifestLimits, parseManifest } from "../../content/manifest.ts"
import { isManifestType, isMediaType, manifestAccept, mediaTypes } from "../../content/media-types.ts"
import type { RawManifest } from "../../content/store.ts"
import { isTransferError, TransferError } from "../../errors/transfer-error.ts"
import { bufferBody, type HttpResponse } from "../../http/http.ts"
import { protocolError } from "./registry-error.ts"
import type { RepositoryClient } from "./repository-client.ts"

const bodyAttempts = 3

const tagGrammar = /^\w[\w.-]{0,127}$/

/**
 * HEAD of a manifest (distribution-spec, "Checking if content exists in the registry"); GET where a registry answers HEAD without digest or size,
 * or not at all. Undefined for 404.
 * @throws TransferError `unsupported` for Docker schema 1, `digest_mismatch`, and what `registryError` says.
 */
export async function resolveManifest(
  client: RepositoryClient,
  reference: string,
  signal?: AbortSignal,
): Promise<Descriptor | undefined> {
  const what = describe(client, reference)
  const response = await client.send(pathOf(reference), what, { method: "HEAD", headers: { accept: manifestAccept }, signal })
  if (response.status === 404) {
    await response.body.discard()
    return undefined
  }
  // registries that do not route HEAD answer 405 or 400
  if (response.status === 405 || response.status === 400) {
    await response.body.discard()
    return resolveByGet(client, reference, signal)
  }
  if (response.status !== 200) throw await client.error(response, what)
  await response.body.discard()
  const mediaType = mediaTypeOf(response)
  refuseSchema1(client, mediaType, what)
  const digest = response.headers.get("docker-content-digest")
  const size = contentLength(response)
  if (digest === undefined || !isDigest(digest) || size === undefined || mediaType === undefined || !isManifestType(mediaType)) {
    return resolveByGet(client, reference, signal)
  }
  if (size > manifestLimits.bytes) throw tooLarge(client, what)
  if (isDigest(reference) && sameAlgorithm(reference, digest) && digest !== reference) {
    throw mismatch(client, `${client.host} answered ${digest} for ${what}`)
  }
  return { mediaType, digest: isDigest(reference) ? reference : digest, size }
}

/**
 * A manifest's bytes, at most 4 MiB, hashed: they must match a digest asked for and a digest header given, and the media type inside must be the
 * one outside (RELIABILITY S7, fault 12).
 * @throws TransferError `not_found`, `digest_mismatch`, `too_large`, `unsupported`, `protocol`, …
 */
export async function getManifest(client: RepositoryClient, reference: string, signal?: AbortSignal): Promise<RawManifest> {
  const what = describe(client, reference)
  const { response, bytes } = await fetchWhole(client, reference, signal)
  const mediaType = mediaTypeOf(response)
  refuseSchema1(client, mediaType, what)
  const digest = isDigest(reference) ? reference : digestOf(bytes)
  if (isDigest(reference) && digestOf(bytes, splitDigest(reference).algorithm) !== reference) {
    throw mismatch(client, `${client.host} sent bytes that hash to ${digestOf(bytes)} as ${what}`)
  }
  const header = response.headers.get("docker-content-digest")
  if (header !== undefined && isDigest(header) && digestOf(bytes, splitDigest(header).algorithm) !== header) {
    throw mismatch(client, `${client.host} says ${header} but sent ${digestOf(bytes)} as ${what}`)
  }
  const raw = { bytes, descriptor: { mediaType: mediaType ?? innerMediaType(bytes), digest, size: bytes.length } }
  try {
    parseManifest(raw)
  } catch (error) {
    throw isTransferError(error) ? error.with({ host: client.host, side: client.side }) : error
  }
  return raw
}

/**
 * Publishes a manifest byte for byte. `subjectListed` says that the registry lists it under its subject by itself; else the client must maintain
 * the referrers tag (distribution-spec, "Pushing Manifests with Subject").
 * @throws TransferError `rejected` (see `isBlobUnknown`), `digest_mismatch` when it was stored under another digest, …
 */
export async function putManifest(
  client: RepositoryClient,
  reference: string,
  manifest: RawManifest,
  signal?: AbortSignal,
): Promise<{ readonly subjectListed: boolean }> {
  const what = describe(client, reference)
  const response = await client.send(pathOf(reference), what, {
    method: "PUT",
    headers: { "content-type": manifest.descriptor.mediaType },
    body: bufferBody(manifest.bytes),
    signal,
  })
  if (response.status >= 300) throw await client.error(response, what)
  await response.body.discard()
  if (response.status !== 201) throw protocolError(client.asked(what), `answered ${response.status} instead of 201`)
  const stored = response.headers.get("docker-content-digest")
  const { digest } = manifest.descriptor
  if (stored !== undefined && isDigest(stored) && sameAlgorithm(stored, digest) && stored !== digest) {
    throw mismatch(client, `${client.host} stored ${what} as ${stored} instead of ${digest}`)
  }
  return { subjectListed: response.headers.get("oci-subject") !== undefined }
}

/** @throws TransferError `unsupported` where the registry deletes nothing, or no tags. */
export async function deleteManifest(client: RepositoryClient, reference: string, signal?: AbortSignal): Promise<void> {
  const what = describe(client, reference)
  const scopes = [`repository:${client.repository}:delete`, client.scope]
  const response = await client.send(pathOf(reference), what, { method: "DELETE", scopes, signal })
  // distribution 2.8 answers 400 DIGEST_INVALID to a tag
  if (!isDigest(reference) && (response.status === 400 || response.status === 405)) {
    await response.body.discard()
    throw new TransferError("unsupported", `${client.host} deletes no tags`, {
      host: client.host,
      side: client.side,
      status: response.status,
      hint: "delete the manifest by its digest; all its tags go with it",
    })
  }
  if (response.status >= 300) throw await client.error(response, what)
  await response.body.discard()
}

function pathOf(reference: string): string {
  if (isDigest(reference) || tagGrammar.test(reference)) return `manifests/${reference}`
  throw new TransferError("reference_invalid", `"${reference.slice(0, 160)}" is neither a tag nor a digest`)
}

function describe(client: RepositoryClient, reference: string): string {
  return `the manifest ${client.repository}${isDigest(reference) ? "@" : ":"}${reference}`
}

async function resolveByGet(client: RepositoryClient, reference: string, signal?: AbortSignal): Promise<Descriptor | undefined> {
  try {
    return (await getManifest(client, reference, signal)).descriptor
  } catch (error) {
    if (isTransferError(error, "not_found")) return undefined
    throw error
  }
}

/** The body is small: one that breaks off is fetched again from the start. */
async function fetchWhole(client: RepositoryClient, reference: string, signal: AbortSignal | undefined) {
  const what = describe(client, reference)
  for (let attempt = 1; ; attempt++) {
    const response = await client.send(pathOf(reference), what, { method: "GET", headers: { accept: manifestAccept }, signal })
    if (response.status !== 200) throw await client.error(response, what)
    try {
      return { response, bytes: await readBody(client, response, what) }
    } catch (error) {
      if (attempt === bodyAttempts || !isTransferError(error, "network")) throw error
    }
  }
}

async function readBody(client: RepositoryClient, response: HttpResponse, what: string): Promise<Buffer> {
  try {
    return await response.body.bytes(manifestLimits.bytes)
  } catch (error) {
    if (isTransferError(error, "too_large")) throw tooLarge(client, what)
    throw isTransferError(error) ? error.with({ host: client.host, side: client.side }) : error
  }
}

function mediaTypeOf(response: HttpResponse): string | undefined {
  return response.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase() || undefined
}

/** Of a manifest that came without Content-Type. */
function innerMediaType(bytes: Buffer): string {
  try {
    const json: unknown = JSON.parse(bytes.toString("utf8"))
    if (typeof json === "object" && json !== null && "mediaType" in json && typeof json.mediaType === "string")
      return isMediaType(json.mediaType) ? json.mediaType : mediaTypes.octetStream
  } catch {
    // parseManifest says what is wrong with it
  }
  return mediaTypes.octetStream
}

function contentLength(response: HttpResponse): number | undefined {
  const text = response.headers.get("content-length")
  return text !== undefined && /^[1-9]\d{0,15}$/.test(text) ? Number(text) : undefined
}

function sameAlgorithm(one: Digest, other: Digest): boolean {
  return one.slice(0, 7) === other.slice(0, 7)
}

function refuseSchema1(client: RepositoryClient, mediaType: string | undefined, what: string): void {
  if (mediaType !== mediaTypes.dockerSchema1 && mediaType !== mediaTypes.dockerSchema1Signed) return
  throw new TransferError("unsupported", `${what} is Docker schema 1, which registries no longer take`, {
    host: client.host,
    side: client.side,
    hint: "push the image again with a current Docker to get a schema 2 manifest",
  })
}

function mismatch(client: RepositoryClient, message: string): TransferError {
  return new TransferError("digest_mismatch", message, { host: client.host, side: client.side })
}

function tooLarge(client: RepositoryClient, what: string): TransferError {
  return new TransferError("too_large", `${what} is larger than ${manifestLimits.bytes} bytes`, {
    host: client.host,
    side: client.side,
  })
}
