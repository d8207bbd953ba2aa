import type { Descriptor } from "../../content/descriptor.ts"
import type { Digest } from "../../content/digest.ts"
import { parseManifest } from "../../content/manifest.ts"
import type { RawManifest } from "../../content/store.ts"
import { isTransferError } from "../../errors/transfer-error.ts"
import { describeReferrer } from "../files/describe-referrer.ts"
import type { LayoutIndex } from "./layout-index.ts"

/** Entries of a layout's index whose manifests name `subject` as theirs. Entries whose manifest cannot be read are passed over. */
export async function listLayoutReferrers(
  index: LayoutIndex,
  subject: Digest,
  artifactType: string | undefined,
  getManifest: (digest: Digest) => Promise<RawManifest>,
): Promise<readonly Descriptor[]> {
  const found = new Map<Digest, Descriptor>()
  for (const { descriptor } of index.entries) {
    try {
      const raw = await getManifest(descriptor.digest)
      const parsed = parseManifest(raw)
      if (parsed.subject?.digest !== subject) continue
      const referrer = describeReferrer(raw.descriptor, parsed)
      if (artifactType === undefined || referrer.artifactType === artifactType) found.set(referrer.digest, referrer)
    } catch (error) {
      if (!isTransferError(error)) throw error
    }
  }
  return [...found.values()]
}
