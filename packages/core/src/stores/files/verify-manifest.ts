import { digestOf, splitDigest } from "../../content/digest.ts"
import { manifestLimits } from "../../content/manifest.ts"
import type { RawManifest } from "../../content/store.ts"
import { TransferError } from "../../errors/transfer-error.ts"

/**
 * Refuses manifest bytes that are not what their descriptor says, or that would be stored under another digest than `reference` names.
 * @throws TransferError `digest_mismatch`, `too_large`, `protocol`.
 */
export function verifyManifest(reference: string, manifest: RawManifest): void {
  const { digest } = manifest.descriptor
  if (manifest.bytes.length > manifestLimits.bytes) {
    throw new TransferError(
      "too_large",
      `manifest ${digest} has ${manifest.bytes.length} bytes, more than ${manifestLimits.bytes}`,
    )
  }
  const actual = digestOf(manifest.bytes, splitDigest(digest).algorithm)
  if (actual !== digest) throw new TransferError("digest_mismatch", `the manifest hashes to ${actual}, not to ${digest}`)
  if (reference.includes(":") && reference !== digest) {
    throw new TransferError("digest_mismatch", `manifest ${digest} cannot be stored as ${reference}`)
  }
}
