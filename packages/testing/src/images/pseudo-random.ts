import { createCipheriv, createHash } from "node:crypto"

const zeros = Buffer.alloc(64 * 1024)

/** An endless, incompressible byte sequence that a seed determines and that can be read at any offset (an AES-CTR key stream). */
export class PseudoRandom {
  readonly #key: Buffer

  constructor(seed: string) {
    this.#key = createHash("sha256").update(seed).digest().subarray(0, 16)
  }

  bytes(offset: number, length: number): Buffer {
    const skip = offset % 16
    const counter = Buffer.alloc(16)
    counter.writeBigUInt64BE(BigInt((offset - skip) / 16), 8)
    const wanted = skip + length
    const input = wanted <= zeros.length ? zeros.subarray(0, wanted) : Buffer.alloc(wanted)
    return createCipheriv("aes-128-ctr", this.#key, counter).update(input).subarray(skip)
  }
}
