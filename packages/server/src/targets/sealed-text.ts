import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes as systemRandom } from "node:crypto"

/** What a sealed password is bound to: in another row, for another host or after another edit it does not open. */
export interface SealBinding {
  readonly ownerId: number
  readonly id: number
  readonly host: string
  readonly version: number
}

/** The table whose rows hold the seals: one of a target does not open as an upstream's. */
export type SealPurpose = "target" | "upstream" | "webhook"

const cipher = "aes-256-gcm"
const nonceBytes = 12
const tagBytes = 16
const form = /^v1\.([0-9a-f]{16})\.([A-Za-z0-9_-]{80})\.([A-Za-z0-9_-]{38,40000})$/

/**
 * Seals passwords with keys that are not in the database (RELIABILITY section 3): each with a data key of its own, which is wrapped by the master
 * key. As text: `v1.<master key's id>.<wrapped data key>.<password>`. The first key seals, all open.
 */
export class SealedText {
  readonly #keys: readonly { readonly id: string; readonly key: Buffer }[]
  readonly #randomBytes: (size: number) => Buffer
  readonly #purpose: SealPurpose

  constructor(
    masterKeys: readonly Uint8Array[],
    randomBytes: (size: number) => Buffer = systemRandom,
    purpose: SealPurpose = "target",
  ) {
    this.#keys = masterKeys.map(wrappingKey)
    this.#randomBytes = randomBytes
    this.#purpose = purpose
  }

  /** There is a master key. */
  get canSeal(): boolean {
    return this.#keys.length > 0
  }

  /** @throws Error without a master key. */
  seal(plain: string, binding: SealBinding): string {
    const master = this.#keys[0]
    if (master === undefined) throw new Error("there is no master key to seal with")
    const dataKey = this.#randomBytes(32)
    const wrapped = this.#encrypt(master.key, dataKey, this.#associated("key", binding))
    const sealed = this.#encrypt(dataKey, Buffer.from(plain, "utf8"), this.#associated("text", binding))
    return `v1.${master.id}.${wrapped.toString("base64url")}.${sealed.toString("base64url")}`
  }

  /** Undefined when it was sealed with a key that is not here, for something else, or was tampered with. */
  open(text: string, binding: SealBinding): string | undefined {
    const [, id, wrappedText = "", sealedText = ""] = form.exec(text) ?? []
    const master = this.#keys.find((key) => key.id === id)
    const [wrapped, sealed] = [decode(wrappedText), decode(sealedText)]
    if (master === undefined || wrapped === undefined || sealed === undefined) return undefined
    const dataKey = decrypt(master.key, wrapped, this.#associated("key", binding))
    return dataKey && decrypt(dataKey, sealed, this.#associated("text", binding))?.toString("utf8")
  }

  #associated(what: "key" | "text", { ownerId, id, host, version }: SealBinding): Buffer {
    return Buffer.from(JSON.stringify([`entrepot ${this.#purpose} v1`, what, ownerId, id, host, version]), "utf8")
  }

  #encrypt(key: Buffer, plain: Buffer, additional: Buffer): Buffer {
    const nonce = this.#randomBytes(nonceBytes)
    const encryption = createCipheriv(cipher, key, nonce).setAAD(additional)
    return Buffer.concat([nonce, encryption.update(plain), encryption.final(), encryption.getAuthTag()])
  }
}

/** Undefined for another spelling of the same bytes. */
function decode(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64url")
  return bytes.toString("base64url") === text ? bytes : undefined
}

function decrypt(key: Buffer, bytes: Buffer, additional: Buffer): Buffer | undefined {
  const decryption = createDecipheriv(cipher, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
  decryption.setAAD(additional).setAuthTag(bytes.subarray(bytes.length - tagBytes))
  const plain = decryption.update(bytes.subarray(nonceBytes, bytes.length - tagBytes))
  try {
    return Buffer.concat([plain, decryption.final()])
  } catch {
    // The only thing that GCM says: something is not as it was sealed.
    return undefined
  }
}

/** A subkey of its own, and a name for it that tells nothing of it. */
function wrappingKey(master: Uint8Array): { readonly id: string; readonly key: Buffer } {
  const key = Buffer.from(hkdfSync("sha256", master, new Uint8Array(), "entrepot target passwords v1", 32))
  return { id: createHash("sha256").update("entrepot master key id").update(key).digest("hex").slice(0, 16), key }
}
