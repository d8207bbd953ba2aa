import type { StoredImage } from "@entrepot/client"

/** An image of a repository, with what it is made of. */
export type ImageView = StoredImage
/** What it is for one platform. */
export type ImagePlatform = ImageView["platforms"][number]
/** A layer; `isHere` tells whether its bytes are stored. */
export type ImageLayer = NonNullable<ImagePlatform["layers"]>[number]
/** A signature, an SBOM: a manifest that speaks of the image. */
export type ImageReferrer = ImageView["referrers"][number]

/** Twelve characters of a digest: enough to tell two of them apart. */
export function shortDigest(digest: string): string {
  return digest.replace(/^[^:]*:/, "").slice(0, 12)
}

/** All that is known of its size: its platforms together, or the layers of what is no image. Null where nothing is known. */
export function sizeOf({ platforms, layers }: Pick<ImageView, "platforms" | "layers">): number | null {
  const parts = [...platforms.map(({ bytes }) => bytes), ...(layers ?? []).map(({ sizeBytes }) => sizeBytes)]
  const known = parts.filter((bytes) => bytes !== null)
  return known.length === 0 ? null : known.reduce((sum, bytes) => sum + bytes, 0)
}

/** What an image runs on, in words: at most so many, and how many others there are. */
export function platformWords({ platforms }: Pick<ImageView, "platforms">, most: number) {
  const names = [...new Set(platforms.map(({ platform }) => platform))]
  return { shown: names.slice(0, most), more: Math.max(0, names.length - most) } as const
}

/** What stands behind a digest. */
export function kindOf({ mediaType, platforms }: Pick<ImageView, "mediaType" | "platforms">): "index" | "image" | "artifact" {
  if (/image\.index|manifest\.list/.test(mediaType)) return "index"
  return platforms.length > 0 ? "image" : "artifact"
}

/** The media type that says most: what an artifact is, or what an image's manifest is written in. */
export function typeOf(image: Pick<ImageView, "mediaType" | "artifactType" | "platforms">): string {
  return kindOf(image) === "artifact" ? (image.artifactType ?? image.mediaType) : image.mediaType
}
