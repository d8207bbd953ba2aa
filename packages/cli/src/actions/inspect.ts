import {
  type Descriptor,
  formatPlatform,
  type ImageManifest,
  isTransferError,
  type Location,
  matchesPlatform,
  openSource,
  type ParsedManifest,
  type Platform,
  parseLocation,
  parseManifest,
  parsePasted,
  type SourceStore,
  TransferError,
} from "@entrepot/core"
import { formatBytes } from "@entrepot/core/progress"
import type { Context } from "../context.ts"
import { type ExitCode, exitCodes } from "../exit-code.ts"
import type { ConnectionOptions } from "../options/connection-options.ts"
import { parsePlatforms } from "../options/parse-platforms.ts"
import { formatTable } from "../renderers/format-table.ts"
import { jsonText } from "../renderers/json-text.ts"
import { padEnd, printable } from "../renderers/text-width.ts"
import { readLogins } from "../run/logins.ts"
import { openSession } from "../run/session.ts"
import { displayOf } from "./copy.ts"

export interface InspectOptions extends ConnectionOptions {
  readonly raw?: true
  readonly json?: true
  readonly platform?: string
}

/** One manifest of what is inspected: the image itself, or an entry of its index. */
interface Inspected {
  readonly descriptor: Descriptor
  /** Undefined where the index names a manifest that is not there. */
  readonly image: ImageManifest | undefined
}

const transports = /^(docker|oci|oci-archive|docker-archive|docker-daemon|cache):/

/** Shows what an image consists of, wherever it is. */
export async function inspect(image: string, options: InspectOptions, context: Context): Promise<ExitCode> {
  const { stdout, signal } = context
  const location: Location = transports.test(image)
    ? parseLocation(image)
    : { transport: "docker", reference: parsePasted(image) }
  const logins = await readLogins(options, context)
  const registries = location.transport === "docker" ? [{ registry: location.reference.registry, login: logins.target }] : []
  await using session = await openSession(registries, options, context)
  const { store, reference } = await openSource(location, session.stores)
  try {
    const raw = await store.getManifest(reference, signal).catch((error: unknown) => {
      throw isTransferError(error) ? error.with({ side: "source" }) : error
    })
    if (options.raw) {
      stdout.write(raw.bytes)
      return exitCodes.ok
    }
    const root = parseManifest(raw)
    const images = await imagesOf(root, raw.descriptor, store, parsePlatforms(options.platform), signal)
    const shown = { name: displayOf(location), root, descriptor: raw.descriptor, images }
    stdout.write(options.json ? jsonText(asJson(shown)) : asText(shown, context))
    return exitCodes.ok
  } finally {
    await store.close()
  }
}

interface Shown {
  readonly name: string
  readonly root: ParsedManifest
  readonly descriptor: Descriptor
  readonly images: readonly Inspected[]
}

async function imagesOf(
  root: ParsedManifest,
  descriptor: Descriptor,
  store: SourceStore,
  wanted: readonly Platform[] | undefined,
  signal: AbortSignal,
): Promise<Inspected[]> {
  if (root.kind === "image") return [{ descriptor, image: root }]
  const children = root.children.filter(
    ({ platform }) => wanted === undefined || (platform !== undefined && wanted.some((wish) => matchesPlatform(wish, platform))),
  )
  if (children.length === 0) {
    throw new TransferError("not_found", `${store.display} has none of these platforms`, {
      side: "source",
      host: store.host,
      hint: `it has ${root.children
        .flatMap(({ platform }) => platform ?? [])
        .map(formatPlatform)
        .join(", ")}`,
    })
  }
  return await Promise.all(
    children.map(async (child): Promise<Inspected> => {
      try {
        const parsed = parseManifest(await store.getManifest(child.digest, signal))
        return { descriptor: child, image: parsed.kind === "image" ? parsed : undefined }
      } catch (error) {
        if (isTransferError(error, "not_found")) return { descriptor: child, image: undefined }
        throw error
      }
    }),
  )
}

/** Bytes of blobs, each digest once. */
function bytesOf(images: readonly Inspected[]): { readonly count: number; readonly bytes: number } {
  const blobs = new Map(images.flatMap(({ image }) => (image?.blobs ?? []).map(({ digest, size }) => [digest, size] as const)))
  return { count: blobs.size, bytes: [...blobs.values()].reduce((sum, size) => sum + size, 0) }
}

function asJson({ name, root, descriptor, images }: Shown) {
  return {
    reference: name,
    digest: descriptor.digest,
    mediaType: root.mediaType,
    sizeBytes: bytesOf(images).bytes,
    images: images.map(({ descriptor: { digest, platform, annotations }, image }) => ({
      digest,
      ...(platform === undefined ? {} : { platform: formatPlatform(platform) }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(image?.artifactType === undefined ? {} : { artifactType: image.artifactType }),
      config: image?.config,
      layers: image?.layers,
    })),
  }
}

function asText({ name, root, descriptor, images }: Shown, { say }: Context): string {
  const { count, bytes } = bytesOf(images)
  const head = [
    [say("image", "镜像"), name],
    [say("digest", "摘要"), descriptor.digest],
    [say("type", "类型"), root.mediaType],
    [say("size", "大小"), say(`${formatBytes(bytes)} in ${count} blobs`, `${formatBytes(bytes)}，共 ${count} 个数据块`)],
  ] as const
  const lines = head.map(([title, value]) => `${padEnd(title, 8)}${printable(value)}\n`)
  for (const { descriptor: entry, image } of images) {
    const title = entry.platform === undefined ? (image?.artifactType ?? say("image", "镜像")) : formatPlatform(entry.platform)
    const total = bytesOf([{ descriptor: entry, image }])
    const missing = say("not at this place", "此处没有")
    lines.push(`\n${printable(title)}  ${entry.digest}  ${image === undefined ? missing : formatBytes(total.bytes)}\n`)
    const rows = (image?.layers ?? []).map((layer) => [
      "",
      layer.digest.slice(0, 19),
      formatBytes(layer.size).padStart(8),
      layer.mediaType,
    ])
    lines.push(formatTable(rows))
  }
  return lines.join("")
}
