import { createHmac, hkdfSync } from "node:crypto"
import type { Subject } from "@entrepot/registry"

/** Seed 2's ACCOUNTS: user and password, several of one name included. */
export type ConfiguredAccount = { readonly username: string; readonly password: string }

/**
 * Knows ACCOUNTS again without keeping their passwords: each is held as an HMAC under a subkey of the server's secret. The clear text stands in the
 * process's environment (or in ACCOUNTS_FILE) anyway, which a slow hash in memory would not mend, while some hundred accounts would take a start half
 * a minute; a wrong guess costs a slow one all the same, since pull users are looked through after these.
 */
export class ConfiguredAccounts {
  readonly #key: Uint8Array
  readonly #names = new Map<string, string>()

  constructor(accounts: readonly ConfiguredAccount[], secret: Uint8Array) {
    this.#key = new Uint8Array(hkdfSync("sha256", secret, new Uint8Array(), "entrepot accounts v1", 32))
    for (const { username, password } of accounts) this.#names.set(this.#mark(username, password), username)
  }

  get size(): number {
    return this.#names.size
  }

  find(username: string, password: string): Subject | undefined {
    const mark = this.#mark(username, password)
    if (this.#names.get(mark) !== username) return undefined
    return { kind: "account", name: username, id: 0, ceiling: ["pull"], isAdmin: false, credential: mark }
  }

  /** Whether ACCOUNTS still holds what a subject has shown. */
  stands({ name, credential }: Subject): boolean {
    return this.#names.get(credential) === name
  }

  #mark(username: string, password: string): string {
    const mac = createHmac("sha256", this.#key)
    mac
      .update(`${Buffer.byteLength(username)}:`)
      .update(username)
      .update(password)
    return mac.digest("base64url").slice(0, 22)
  }
}
