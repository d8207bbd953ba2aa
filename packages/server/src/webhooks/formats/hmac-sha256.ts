import { createHmac } from "node:crypto"

/** In base64, as all receivers want it. */
export function hmacSha256(key: string | Uint8Array, text: string): string {
  return createHmac("sha256", key).update(text).digest("base64")
}
