import { createHash, type Hash } from "node:crypto"
import { TransferError } from "../errors/transfer-error.ts"

/** `sha256:<64 lowercase hex>` or `sha512:<128 lowercase hex>` (image-spec, descriptor.md "Digests"). */
export type Digest = string

export type DigestAlgorithm = "sha256" | "sha512"

const hexLength: Record<DigestAlgorithm, number> = { sha256: 64, sha512: 128 }

function isLowerHex(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (!((c >= 48 && c <= 57) || (c >= 97 && c <= 102))) return false
  }
  return true
}

/** Splits a digest that we can verify. @throws TransferError `protocol` for an unknown algorithm or malformed hex. */
export function splitDigest(digest: string): { algorithm: DigestAlgorithm; hex: string } {
  const colon = digest.indexOf(":")
  const algorithm = digest.slice(0, colon)
  const hex = digest.slice(colon + 1)
  if ((algorithm === "sha256" || algorithm === "sha512") && hex.length === hexLength[algorithm] && isLowerHex(hex))
    return { algorithm, hex }
  throw new TransferError("protocol", `not a digest that can be verified: "${digest.slice(0, 160)}"`)
}

export function isDigest(text: string): boolean {
  const algorithm = text.startsWith("sha256:") ? "sha256" : text.startsWith("sha512:") ? "sha512" : undefined
  return algorithm !== undefined && text.length === 7 + hexLength[algorithm] && isLowerHex(text.slice(7))
}

export function digestOf(bytes: Uint8Array, algorithm: DigestAlgorithm = "sha256"): Digest {
  return `${algorithm}:${createHash(algorithm).update(bytes).digest("hex")}`
}

/** A hash that knows what it should become. */
export class DigestVerifier {
  readonly #expected: string
  readonly #hash: Hash
  readonly #digest: Digest

  /** @throws TransferError `protocol` for a digest that cannot be verified. */
  constructor(digest: Digest) {
    const { algorithm, hex } = splitDigest(digest)
    this.#digest = digest
    this.#expected = hex
    this.#hash = createHash(algorithm)
  }

  update(bytes: Uint8Array): void {
    this.#hash.update(bytes)
  }

  /** @throws TransferError `digest_mismatch` unless exactly the promised bytes went through `update`. Call once. */
  verify(): void {
    const actual = this.#hash.digest("hex")
    if (actual !== this.#expected) {
      throw new TransferError("digest_mismatch", `the bytes hash to ${actual}, not to ${this.#digest}`)
    }
  }
}
