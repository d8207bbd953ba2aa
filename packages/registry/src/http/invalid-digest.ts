import { RegistryError } from "../registry-error.ts"

/** Refuses text that stands where a digest belongs: DIGEST_INVALID. */
export function invalidDigest(text?: string): RegistryError {
  const sentence = "a digest is sha256: or sha512: and as many lowercase hexadecimal digits"
  return new RegistryError("DIGEST_INVALID", sentence, text === undefined ? {} : { detail: { digest: text.slice(0, 300) } })
}
