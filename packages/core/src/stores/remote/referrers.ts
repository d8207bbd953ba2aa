import type { Descriptor } from "../../content/descriptor.ts"
import { type Digest, digestOf, splitDigest } from "../../content/digest.ts"
import { manifestLimits, parseManifest } from "../../content/manifest.ts"
import { mediaTypes } from "../../content/media-types.ts"
import type { RawManifest } from "../../content/store.ts"
import { isTransferError, TransferError } from "../../errors/transfer-error.ts"
import type { HttpResponse } from "../../http/http.ts"
import { getManifest, putManifest } from "./manifests.ts"
import { listLimits, nextLink, requireSameList } from "./pages.ts"
import { placed, protocolError } from "./registry-error.ts"
import type { RepositoryClient } from "./repository-client.ts"

/**
 * What refers to `subject` (distribution-spec, "Listing Referrers"); where the registry does not offer the list, the index under the tag that
 * clients maintain instead. Pages are followed on the same list only, 4 MiB and 1000 entries each.
 * @throws TransferError `address_blocked`, `too_large`, `protocol`, …
 */
export async function listReferrers(
  client: RepositoryClient,
  subject: Digest,
  artifactType?: string,
  signal?: AbortSignal,
): Promise<readonly Descriptor[]> {
  splitDigest(subject)
  const what = `the referrers of ${client.repository}@${subject}`
  const asked = client.asked(what)
  const first = await client.url(`referrers/${subject}`)
  if (artifactType !== undefined) first.searchParams.set("artifactType", artifactType)
  const found = new Map<Digest, Descriptor>()
  let filtered = true
  let url: URL | undefined = first
  for (let page = 0; url !== undefined; page++) {
    if (page === listLimits.pages) throw protocolError(asked, `answered more than ${listLimits.pages} pages`)
    const response: HttpResponse = await client.send({ url, origin: "configured" }, what, {
      method: "GET",
      headers: { accept: mediaTypes.ociIndex },
      signal,
    })
    if (page === 0 && isAbsent(response)) {
      await response.body.discard()
      return select(await taggedReferrers(client, subject, signal), artifactType)
    }
    if (response.status !== 200) throw await client.error(response, what)
    filtered &&= (response.headers.get("oci-filters-applied") ?? "").split(",").some((name) => name.trim() === "artifactType")
    const before = found.size
    for (const referrer of await readPage(client, response, what)) found.set(referrer.digest, referrer)
    const link = nextLink(response)
    url =
      link !== undefined && found.size > before
        ? requireSameList((await client.onward(link, url, what)).url, first, asked)
        : undefined
  }
  return filtered ? [...found.values()] : select([...found.values()], artifactType)
}

/**
 * Adds a manifest to the referrers tag of its subject, for registries that keep no list of their own (distribution-spec, "Referrers Tag Schema").
 * Adding it again changes nothing. Two clients that write at the same moment may lose one entry: the specification offers no better.
 */
export async function addToReferrersTag(
  client: RepositoryClient,
  subject: Digest,
  referrer: Descriptor,
  signal?: AbortSignal,
): Promise<void> {
  const known = await taggedReferrers(client, subject, signal)
  if (known.some(({ digest }) => digest === referrer.digest)) return
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests: [...known, referrer] }))
  const index: RawManifest = {
    bytes,
    descriptor: { mediaType: mediaTypes.ociIndex, digest: digestOf(bytes), size: bytes.length },
  }
  await putManifest(client, referrersTag(subject), index, signal)
}

/** The entry for a manifest in its subject's list, and that subject; undefined for a manifest without one. */
export function referrerOf(manifest: RawManifest): { readonly subject: Digest; readonly referrer: Descriptor } | undefined {
  // most manifests have none, and need not be read for it
  if (!manifest.bytes.includes('"subject"')) return undefined
  const parsed = parseManifest(manifest)
  if (parsed.subject === undefined) return undefined
  const artifactType = parsed.artifactType ?? (parsed.kind === "image" ? parsed.config.mediaType : undefined)
  const { mediaType, digest, size } = manifest.descriptor
  return {
    subject: parsed.subject.digest,
    referrer: {
      mediaType,
      digest,
      size,
      ...(artifactType === undefined ? {} : { artifactType }),
      ...(parsed.annotations === undefined ? {} : { annotations: parsed.annotations }),
    },
  }
}

/** `sha256-<hex>`; the specification cuts the algorithm at 32 and the hex at 64 characters. */
export function referrersTag(subject: Digest): string {
  const { algorithm, hex } = splitDigest(subject)
  return `${algorithm}-${hex.slice(0, 64)}`
}

/** 404 by the specification; registries that never heard of the route answer 400 or 405, or send a web page. */
function isAbsent(response: HttpResponse): boolean {
  if ([400, 404, 405].includes(response.status)) return true
  return response.status === 200 && response.headers.get("content-type")?.startsWith("text/html") === true
}

async function taggedReferrers(client: RepositoryClient, subject: Digest, signal?: AbortSignal): Promise<readonly Descriptor[]> {
  let raw: RawManifest
  try {
    raw = await getManifest(client, referrersTag(subject), signal)
  } catch (error) {
    if (isTransferError(error, "not_found")) return []
    throw error
  }
  const parsed = parseManifest(raw)
  return parsed.kind === "index" ? parsed.children : []
}

async function readPage(client: RepositoryClient, response: HttpResponse, what: string): Promise<readonly Descriptor[]> {
  const asked = client.asked(what)
  let bytes: Buffer
  try {
    bytes = await response.body.bytes(manifestLimits.bytes)
  } catch (error) {
    throw placed(error, asked)
  }
  try {
    const parsed = parseManifest({
      bytes,
      descriptor: { mediaType: mediaTypes.ociIndex, digest: digestOf(bytes), size: bytes.length },
    })
    return parsed.kind === "index" ? parsed.children : []
  } catch (error) {
    throw isTransferError(error) ? new TransferError(error.code, `${asked.host}, ${what}: ${error.message}`, asked) : error
  }
}

function select(referrers: readonly Descriptor[], artifactType: string | undefined): readonly Descriptor[] {
  return artifactType === undefined ? referrers : referrers.filter((referrer) => referrer.artifactType === artifactType)
}
