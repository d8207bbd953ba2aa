import { createHash, createHmac, hkdfSync } from "node:crypto"

/** A key of one server secret for one purpose, and a name of it that tells nothing. */
export interface TokenKey {
  readonly kid: string
  readonly key: Uint8Array
}

/** Subkeys for the registry's tokens alone: a secret that serves several purposes gives none of them away (RELIABILITY section 3). */
export function tokenKeyOf(secret: Uint8Array): TokenKey {
  const key = subkeyOf(secret, "entrepot registry tokens v1")
  return { kid: createHash("sha256").update("entrepot registry key id").update(key).digest("hex").slice(0, 16), key }
}

/** Marks texts under a secret of this server, so that equal ones are known again and none can be guessed from its mark. */
export function marker(secret: Uint8Array, purpose: string): (...parts: readonly string[]) => string {
  const key = subkeyOf(secret, purpose)
  return (...parts) => {
    const mac = createHmac("sha256", key)
    for (const part of parts) mac.update(`${Buffer.byteLength(part)}:`).update(part)
    return mac.digest("base64url")
  }
}

function subkeyOf(secret: Uint8Array, purpose: string): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", secret, new Uint8Array(), purpose, 32))
}
