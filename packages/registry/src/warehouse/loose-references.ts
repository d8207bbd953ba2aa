import { isDigest } from "@entrepot/core"
import type { ManifestReference } from "@entrepot/db/stores"

/** Values that are looked at in one manifest, and references that are taken from it. */
const limits = { values: 200_000, references: 2000 }

/**
 * What a manifest of a type that nobody knows seems to name: everything in its JSON that has a descriptor's digest and size. None of it has to be here,
 * and what is here is kept for as long as the manifest is.
 */
export function looseReferences(json: unknown): readonly ManifestReference[] {
  const found = new Map<string, ManifestReference>()
  const open: unknown[] = [json]
  for (let seen = 0; open.length > 0 && seen < limits.values && found.size < limits.references; seen++) {
    const value = open.pop()
    if (typeof value !== "object" || value === null) continue
    if ("digest" in value && "size" in value) {
      const { digest, size } = value
      if (typeof digest === "string" && isDigest(digest) && typeof size === "number" && Number.isSafeInteger(size) && size >= 0) {
        found.set(digest, { digest, kind: "foreign", sizeBytes: size })
      }
    }
    for (const inner of Object.values(value)) if (typeof inner === "object" && inner !== null) open.push(inner)
  }
  return [...found.values()]
}
