import { TransferError } from "../../errors/transfer-error.ts"
import { formatFamiliar, parseReference } from "../../reference/index.ts"

/** One image that `manifest.json` of a `docker save` archive names. Paths are names inside the archive. */
export interface ArchivedImage {
  /** Its place in the archive, from 0. */
  readonly index: number
  /** Names in familiar form, `nginx:latest`; those that the grammar refuses are left out. */
  readonly names: readonly string[]
  readonly config: string
  readonly layers: readonly string[]
}

/** Caps on `manifest.json` (RELIABILITY S9). */
export const dockerManifestLimits = { bytes: 8 * 1024 * 1024, images: 1000, layers: 1000, names: 1000 } as const

type Json = Readonly<Record<string, unknown>>

/** Reads `manifest.json`. @throws TransferError `archive_invalid`; `place` is the archive. */
export function parseDockerManifest(bytes: Buffer, place: string): readonly ArchivedImage[] {
  const refuse = (why: string, cause?: unknown): never => {
    throw new TransferError("archive_invalid", `manifest.json of ${place} ${why}`, { host: place, cause })
  }
  let json: unknown
  try {
    json = JSON.parse(bytes.toString("utf8"))
  } catch (cause) {
    return refuse("is not JSON", cause)
  }
  if (!Array.isArray(json)) return refuse("is not a list of images")
  if (json.length > dockerManifestLimits.images) refuse(`names ${json.length} images, more than ${dockerManifestLimits.images}`)
  return json.map((image: unknown, index) => {
    if (!isObject(image)) return refuse("has an image that is no object")
    const { Config: config, Layers: layers, RepoTags: names } = image
    if (typeof config !== "string" || config === "") return refuse(`has no config for image ${index}`)
    if (!isStrings(layers) || layers.length > dockerManifestLimits.layers)
      return refuse(`has no list of layers for image ${index}`)
    if (names !== null && names !== undefined && (!isStrings(names) || names.length > dockerManifestLimits.names)) {
      return refuse(`has names of image ${index} that are no list`)
    }
    return { index, names: (isStrings(names) ? names : []).flatMap(familiarName), config, layers }
  })
}

function familiarName(name: string): string[] {
  try {
    return [formatFamiliar(parseReference(name))]
  } catch {
    return []
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string")
}
