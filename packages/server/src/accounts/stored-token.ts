import { ServiceError } from "../errors/service-error.ts"
import type { AccountContext } from "./account-context.ts"
import { isKnownToken } from "./known-tokens.ts"
import { parsePasswordHash } from "./password-hash.ts"

const key = "token"
const shortest = 12
const longest = 1024

/** The token as the database keeps it: `first scrypt$…` while it is one that everybody knows, `own scrypt$…` after that. */
interface Kept {
  readonly text: string
  readonly known: boolean
  readonly hash: string
}

/** The one token of seed 0, hashed in the table `config`. It logs in the first user. */
export class StoredToken {
  readonly #context: AccountContext

  constructor(context: AccountContext) {
    this.#context = context
  }

  /** Sets the configured token where there is none, and hashes one that stands there in clear, as older files have it. */
  async initialise(): Promise<void> {
    const { config } = this.#context.stores
    const before = await config.get(key)
    if (before !== undefined && read(before) !== undefined) return
    const token = before ?? this.#context.settings.defaultToken
    await config.replace(key, before, await this.#keep(token), this.#context.now())
  }

  /** Everybody knows the token that is in force. */
  async isKnown(): Promise<boolean> {
    return (await this.#kept())?.known === true
  }

  /** What is in force now, as a text that says nothing of the token: to see whether it was changed meanwhile. */
  async version(): Promise<string | undefined> {
    return (await this.#kept())?.text
  }

  /** Undefined when it is wrong. @throws ServiceError `too_many`. */
  async verify(token: string): Promise<{ readonly known: boolean; readonly version: string } | undefined> {
    const kept = await this.#kept()
    const verdict = await this.#context.passwords.verify(token, kept?.hash)
    return verdict === "wrong" || kept === undefined
      ? undefined
      : { known: kept.known || isKnownToken(token), version: kept.text }
  }

  /** @throws ServiceError `invalid` for one that may not be chosen, `conflict` when somebody else changed it meanwhile. */
  async change(next: string): Promise<void> {
    const before = await this.#kept()
    if (isKnownToken(next)) throw new ServiceError("invalid", "everybody knows this token; choose another")
    if (next.length < shortest) throw new ServiceError("invalid", `a token has at least ${shortest} characters`)
    if (next.length > longest) throw new ServiceError("invalid", `a token has at most ${longest} characters`)
    if (next.trim() !== next) throw new ServiceError("invalid", "a token neither begins nor ends with a blank")
    if ((await this.#context.passwords.verify(next, before?.hash)) !== "wrong") {
      throw new ServiceError("invalid", "this is the present token; choose another")
    }
    const replaced = await this.#context.stores.config.replace(key, before?.text, await this.#keep(next), this.#context.now())
    if (!replaced) throw new ServiceError("conflict", "somebody else changed the token meanwhile; log in with the new one")
  }

  /** Whatever was there before. */
  async set(next: string): Promise<void> {
    await this.#context.stores.config.set(key, await this.#keep(next), this.#context.now())
  }

  async #kept(): Promise<Kept | undefined> {
    const text = await this.#context.stores.config.get(key)
    return text === undefined ? undefined : read(text)
  }

  async #keep(token: string): Promise<string> {
    return `${isKnownToken(token) ? "first" : "own"} ${await this.#context.passwords.hash(token)}`
  }
}

function read(text: string): Kept | undefined {
  const [state, hash, ...rest] = text.split(" ")
  if ((state !== "first" && state !== "own") || hash === undefined || rest.length > 0) return undefined
  return parsePasswordHash(hash) === undefined ? undefined : { text, known: state === "first", hash }
}
