import { createHash, hkdfSync } from "node:crypto"

/** A subkey for tickets alone, so that a secret which serves several purposes gives none of them away, and a name that tells nothing of it. */
export function signingKeyOf(secret: Uint8Array): { readonly kid: string; readonly key: Uint8Array } {
  const key = new Uint8Array(hkdfSync("sha256", secret, new Uint8Array(), "entrepot job tickets v1", 32))
  const kid = createHash("sha256").update("entrepot key id").update(key).digest("hex").slice(0, 16)
  return { kid, key }
}
