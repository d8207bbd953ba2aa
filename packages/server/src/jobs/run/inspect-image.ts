import {
  type Credentials,
  type Descriptor,
  digestOf,
  formatFamiliar,
  formatPlatform,
  type ImageManifest,
  isTransferError,
  type Platform,
  parseManifest,
  type Reference,
  type SourceStore,
  TransferError,
} from "@entrepot/core"
import type { Configuration } from "../../configuration/configuration.ts"
import type { InspectedImage } from "../job-service.ts"
import { settingsOf } from "./job-ends.ts"
import type { Transfers } from "./transfers.ts"

interface InspectedSource {
  readonly image: Reference
  readonly login: Credentials | undefined
  readonly plainHttp: boolean
}

interface InspectOptions {
  readonly configuration: Pick<Configuration, "hosts">
  readonly transfers: Pick<Transfers, "openSource">
}

/** Configurations of images are a few kilobytes; a larger one is not worth its platform. */
const mostConfigBytes = 1024 * 1024

/** What an image is, asked of its registry now: one manifest, and the configuration of a single image. @throws TransferError. */
export async function inspectImage(
  { image, login, plainHttp }: InspectedSource,
  { configuration, transfers }: InspectOptions,
  signal: AbortSignal,
): Promise<InspectedImage> {
  const { registry } = image
  const settings = settingsOf({ plainHttp: plainHttp ? [registry] : [] }, registry, configuration.hosts)
  const { store, reference, close } = await transfers.openSource({ registry, settings, credentials: login }, image)
  try {
    const { descriptor, bytes } = await store.getManifest(reference, signal)
    const manifest = parseManifest({ descriptor, bytes })
    const known = { reference: image, digest: descriptor.digest, mediaType: descriptor.mediaType }
    if (manifest.kind === "index") {
      return { ...known, sizeBytes: null, platforms: platformsOf(manifest.children.map(({ platform }) => platform)) }
    }
    const sizeBytes = manifest.layers.reduce((sum, { size }) => sum + size, 0)
    return { ...known, sizeBytes, platforms: platformsOf([await platformOf(manifest, store, signal)]) }
  } catch (error) {
    throw onSource(error, image, store)
  } finally {
    await close()
  }
}

/** What the image's configuration says (image-spec, config.md); undefined where there is none to be read, as with artifacts. */
async function platformOf(manifest: ImageManifest, store: SourceStore, signal: AbortSignal): Promise<Platform | undefined> {
  const isConfig = /^application\/vnd\.(oci\.image\.config\.v1|docker\.container\.image\.v1)\+json$/.test(
    manifest.config.mediaType,
  )
  if (!isConfig || manifest.config.size > mostConfigBytes) return undefined
  try {
    return readPlatform(await readWhole(manifest.config, store, signal))
  } catch (error) {
    if (signal.aborted || !isTransferError(error)) throw error
    return undefined
  }
}

/** @throws TransferError `digest_mismatch`: what is not what was named says nothing. */
async function readWhole(blob: Descriptor, store: SourceStore, signal: AbortSignal): Promise<Buffer> {
  const { bytes } = await store.openBlob(blob, {}, signal)
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of bytes) {
    length += chunk.length
    if (length > blob.size) break
    chunks.push(chunk)
  }
  const whole = Buffer.concat(chunks)
  if (length === blob.size && digestOf(whole, blob.digest.startsWith("sha512:") ? "sha512" : "sha256") === blob.digest)
    return whole
  throw new TransferError("digest_mismatch", `the configuration ${blob.digest} is not what its digest says`)
}

function readPlatform(bytes: Buffer): Platform | undefined {
  let json: unknown
  try {
    json = JSON.parse(bytes.toString("utf8"))
  } catch {
    return undefined
  }
  if (typeof json !== "object" || json === null) return undefined
  const { os, architecture, variant } = json as Readonly<Record<string, unknown>>
  if (typeof os !== "string" || typeof architecture !== "string") return undefined
  return { os, architecture, ...(typeof variant === "string" ? { variant } : {}) }
}

/** Each once, in the registry's order. Attestations stand in an index as `unknown/unknown`. */
function platformsOf(platforms: readonly (Platform | undefined)[]): readonly string[] {
  const known = platforms.flatMap((platform) =>
    platform === undefined || platform.os === "unknown" ? [] : [formatPlatform(platform)],
  )
  return [...new Set(known)]
}

/** As a plan says it. */
function onSource(error: unknown, image: Reference, { host }: SourceStore): unknown {
  if (!isTransferError(error)) return error
  if (error.code !== "not_found") return error.with({ side: "source", host })
  return new TransferError("not_found", `there is no ${formatFamiliar(image)}`, {
    side: "source",
    host,
    hint: "check the spelling, or list the tags that are there",
  })
}
