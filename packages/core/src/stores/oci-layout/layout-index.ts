import type { Descriptor } from "../../content/descriptor.ts"
import { parseDescriptor } from "../../content/manifest.ts"
import { mediaTypes } from "../../content/media-types.ts"
import { TransferError } from "../../errors/transfer-error.ts"

/** Where a layout notes an entry's tag (image-spec, annotations.md). */
export const refNameAnnotation = "org.opencontainers.image.ref.name"

/** More than anybody keeps in one layout (RELIABILITY S9). */
const entryLimit = 20_000

type Json = Readonly<Record<string, unknown>>

/** One manifest that a layout's `index.json` names. `json` is the entry as it was written, so that unknown fields survive. */
export interface LayoutEntry {
  readonly descriptor: Descriptor
  readonly tag: string | undefined
  readonly json: Json
}

/** `index.json` of a layout (image-spec, image-layout.md "index.json file"). */
export interface LayoutIndex {
  readonly json: Json
  readonly entries: readonly LayoutEntry[]
}

/** The index of a new layout. */
export const emptyLayoutIndex: LayoutIndex = { json: { schemaVersion: 2, mediaType: mediaTypes.ociIndex }, entries: [] }

/** @throws TransferError `archive_invalid`; `place` is the layout, for the message. */
export function parseLayoutIndex(bytes: Buffer, place: string): LayoutIndex {
  const refuse = (why: string, cause?: unknown): never => {
    throw new TransferError("archive_invalid", `index.json of ${place} ${why}`, { host: place, cause })
  }
  let json: unknown
  try {
    json = JSON.parse(bytes.toString("utf8"))
  } catch (cause) {
    return refuse("is not JSON", cause)
  }
  if (!isObject(json) || !Array.isArray(json.manifests)) return refuse("has no list of manifests")
  if (json.manifests.length > entryLimit) refuse(`names ${json.manifests.length} manifests, more than ${entryLimit}`)
  try {
    const entries = json.manifests.map((entry: unknown) => {
      const descriptor = parseDescriptor("index.json", entry, "entry")
      return { descriptor, tag: descriptor.annotations?.[refNameAnnotation], json: isObject(entry) ? entry : {} }
    })
    return { json, entries }
  } catch (cause) {
    return refuse("has an entry that is no descriptor", cause)
  }
}

/** The bytes of `index.json`. */
export function formatLayoutIndex(index: LayoutIndex): Buffer {
  return Buffer.from(JSON.stringify({ ...index.json, manifests: index.entries.map((entry) => entry.json) }))
}

/** The same index with `descriptor` under `tag`, which no other entry has then. Without a tag: named once, under whatever tag. */
export function addLayoutEntry(index: LayoutIndex, descriptor: Descriptor, tag: string | undefined): LayoutIndex {
  const isSame = (entry: LayoutEntry) => entry.descriptor.digest === descriptor.digest
  if (tag === undefined) {
    return index.entries.some(isSame)
      ? index
      : { ...index, entries: [...index.entries, { descriptor, tag, json: { ...descriptor } }] }
  }
  const named = { ...descriptor, annotations: { ...descriptor.annotations, [refNameAnnotation]: tag } }
  const others = index.entries.filter((entry) => entry.tag !== tag && !(entry.tag === undefined && isSame(entry)))
  return { ...index, entries: [...others, { descriptor: named, tag, json: { ...named } }] }
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
