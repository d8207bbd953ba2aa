import type { Descriptor } from "../../content/descriptor.ts"
import type { ParsedManifest } from "../../content/manifest.ts"

/** The entry of a manifest in the list of its subject's referrers (distribution-spec, "Listing Referrers"). */
export function describeReferrer(descriptor: Descriptor, manifest: ParsedManifest): Descriptor {
  const artifactType = manifest.artifactType ?? (manifest.kind === "image" ? manifest.config.mediaType : undefined)
  return {
    mediaType: descriptor.mediaType,
    digest: descriptor.digest,
    size: descriptor.size,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(manifest.annotations === undefined ? {} : { annotations: manifest.annotations }),
  }
}
