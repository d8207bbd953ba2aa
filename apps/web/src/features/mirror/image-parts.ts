import { imageNameOf, namespaceOf, type Reference } from "@entrepot/core/reference"

/** A named piece of an image's name. */
export interface ImagePart {
  readonly part: "registry" | "namespace" | "repository" | "tag" | "digest"
  /** Empty where the name has none. */
  readonly value: string
}

/** The pieces of a name: four, and a fifth where it has both a tag and a digest. */
export function imageParts(reference: Reference): readonly ImagePart[] {
  const { registry, tag, digest } = reference
  return [
    { part: "registry", value: registry },
    { part: "namespace", value: namespaceOf(reference) },
    { part: "repository", value: imageNameOf(reference) },
    ...(tag === undefined ? [] : [{ part: "tag", value: tag } as const]),
    ...(digest === undefined ? [] : [{ part: "digest", value: digest } as const]),
  ]
}
