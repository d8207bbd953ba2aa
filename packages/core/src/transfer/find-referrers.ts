import type { Digest } from "../content/digest.ts"
import { splitDigest } from "../content/digest.ts"
import { parseManifest } from "../content/manifest.ts"
import { isManifestType } from "../content/media-types.ts"
import { hasReferrers, type SourceStore } from "../content/store.ts"
import { TransferError } from "../errors/transfer-error.ts"
import { mapConcurrent } from "./map-concurrent.ts"
import type { PlannedManifest } from "./plan.ts"

/** How far a signature of a signature of a signature is followed. */
const deepest = 3
const most = 1000

/** Cosign's tag scheme: `sha256-<hex>.sig` beside the image it speaks of. */
const cosignSuffixes = ["sig", "att", "sbom"] as const

/**
 * Everything that refers to these manifests: OCI referrers (and what refers to those), children of referring indexes, and cosign's tags.
 * Children stand before parents.
 * @throws TransferError `too_large` when there are more than a thousand.
 */
export async function findReferrers(
  from: SourceStore,
  subjects: readonly Digest[],
  signal?: AbortSignal,
): Promise<PlannedManifest[]> {
  const found = new Map<string, PlannedManifest>()
  const add = async (reference: string, depth: number): Promise<void> => {
    if (found.has(reference)) return
    if (found.size >= most)
      throw new TransferError("too_large", `more than ${most} referrers`, { side: "source", host: from.host })
    const manifest = await from.getManifest(reference, signal)
    const parsed = parseManifest(manifest)
    if (parsed.kind === "index" && depth < deepest) {
      for (const child of parsed.children) if (isManifestType(child.mediaType)) await add(child.digest, depth + 1)
    }
    found.set(reference, { manifest, reference })
  }
  let level = subjects
  for (let depth = 0; depth < deepest && level.length > 0; depth++) {
    const next: Digest[] = []
    await mapConcurrent(level, 4, async (subject) => {
      const referrers = hasReferrers(from) ? await from.listReferrers(subject, undefined, signal) : []
      for (const { digest } of referrers) {
        if (!found.has(digest)) next.push(digest)
        await add(digest, 0)
      }
      if (depth === 0) for (const tag of await cosignTags(from, subject, signal)) await add(tag, 0)
    })
    level = next
  }
  return [...found.values()]
}

async function cosignTags(from: SourceStore, subject: Digest, signal?: AbortSignal): Promise<string[]> {
  const { algorithm, hex } = splitDigest(subject)
  const tags = cosignSuffixes.map((suffix) => `${algorithm}-${hex}.${suffix}`)
  const present = await mapConcurrent(tags, tags.length, async (tag) => (await from.resolve(tag, signal)) !== undefined)
  return tags.filter((_, index) => present[index])
}
