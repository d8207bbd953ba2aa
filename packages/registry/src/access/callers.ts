import { LRUCache } from "lru-cache"
import { latelyUsed } from "../lately-used.ts"
import type { ClientIdentity } from "../proxy/client-identity.ts"
import type { UpstreamLogin } from "../proxy/upstream-login.ts"
import { RegistryError } from "../registry-error.ts"
import { type AccessRules, type Authenticator, anonymous, type Subject } from "./access.ts"
import { parseAuthorization } from "./authorization.ts"
import type { Challenges } from "./challenges.ts"
import type { ClientIdentities } from "./client-identities.ts"
import type { Caller } from "./gate.ts"
import type { RegistryTokens } from "./registry-tokens.ts"
import type { TokenContent } from "./token-content.ts"
import { marker } from "./token-keys.ts"

/** Who a request comes from. */
export interface Shown {
  readonly subject: Subject
  /** What the token was issued for; undefined where a password or nothing was shown, and the rules alone decide. */
  readonly token: TokenContent | undefined
  /** A standing of the client's own at the default upstream. */
  readonly identity: ClientIdentity | undefined
  /** Whether there was anything to look at. */
  readonly isNothing: boolean
}

interface CallerOptions {
  readonly rules: AccessRules
  readonly authenticator: Authenticator
  readonly tokens: RegistryTokens
  readonly identities: ClientIdentities
  readonly challenges: Challenges
  readonly upstream: UpstreamLogin | undefined
  readonly secret: Uint8Array
  readonly now: () => number
}

/** Bytes of verified tokens that are remembered. */
const tokenMemory = 16 * 1024 * 1024
const passwordMemory = 10_000
/** A password that was right is not derived again so soon; whether its owner still stands is asked each time. */
const passwordMemoMs = 60_000

const nothing: Shown = { subject: anonymous, token: undefined, identity: undefined, isNothing: true }
const somebody: Shown = { ...nothing, isNothing: false }

/** Finds out who asks. What was right before is found again without a promise. */
export class Callers {
  readonly #options: CallerOptions
  readonly #mark: (...parts: readonly string[]) => string
  /** By the header that they came in, which spares reading it. */
  readonly #tokens = new LRUCache<string, TokenContent>({
    maxSize: tokenMemory,
    sizeCalculation: (_, header) => 4 * header.length + 512,
  })
  readonly #passwords = latelyUsed<string, { readonly shown: Shown; readonly until: number }>(passwordMemory)

  /** Logins that the upstream has taken, until when that is believed. */
  readonly #accepted = latelyUsed<string, number>(passwordMemory)

  constructor(options: CallerOptions) {
    this.#options = options
    this.#mark = marker(options.secret, "entrepot passwords at /v2 v1")
  }

  /** `invalid`: something was shown that is not, or no longer, right. @throws RegistryError TOOMANYREQUESTS. */
  identify({ authorization, address }: Caller): Shown | "invalid" | Promise<Shown | "invalid"> {
    if (authorization === undefined) return nothing
    const known = this.#tokens.get(authorization)
    if (known !== undefined) return this.#standing(known)
    const given = parseAuthorization(authorization)
    switch (given.scheme) {
      case "none":
        return nothing
      case "unreadable":
        return "invalid"
      case "bearer":
        return this.#byToken(authorization, given.token)
      case "basic":
        return this.#byPassword(given.username, given.password, address)
    }
  }

  /**
   * Who these are of. `service` is what the client was told to ask for: with the upstream's, in open mode, they are the upstream's to judge (seed 2).
   * Undefined: wrong.
   * @throws RegistryError TOOMANYREQUESTS.
   */
  async login(username: string, password: string, address: string, service: string | undefined): Promise<Shown | undefined> {
    const { rules, authenticator, challenges, identities, upstream } = this.#options
    if (!rules.open || authenticator.claims(username, password)) {
      const subject = await authenticator.authenticate(username, password, address)
      return subject && { ...somebody, subject }
    }
    const theirs = await challenges.upstreamService()
    if (upstream === undefined || theirs === undefined || (service !== undefined && service !== theirs)) return somebody
    const identity = identities.ofPassword(username, password)
    return (await this.#isAccepted(identity, username, address)) ? { ...somebody, identity } : undefined
  }

  /** An upstream that cannot be asked now judges when something is pulled with what was shown. */
  async #isAccepted({ key, shows }: ClientIdentity, username: string, address: string): Promise<boolean> {
    const { authenticator, upstream, now } = this.#options
    if (upstream?.accepts === undefined || !("credentials" in shows)) return true
    if (now() < (this.#accepted.get(key) ?? 0)) return true
    const { credentials } = shows
    let accepted = true
    try {
      accepted = await authenticator.underBackoff(username, address, async () => (await upstream.accepts?.(credentials)) ?? true)
    } catch (error) {
      if (error instanceof RegistryError) throw error
      return true
    }
    if (accepted) this.#accepted.set(key, now() + passwordMemoMs)
    return accepted
  }

  async #byToken(authorization: string, text: string): Promise<Shown | "invalid"> {
    const { rules, tokens, identities } = this.#options
    const verdict = await tokens.verify(text)
    if (verdict === "foreign") return rules.open ? { ...somebody, identity: identities.ofBearer(text) } : "invalid"
    if (verdict === "invalid") return "invalid"
    this.#tokens.set(authorization, verdict)
    return this.#standing(verdict)
  }

  #standing(token: TokenContent): Shown | "invalid" {
    const { now, authenticator, identities } = this.#options
    const at = now()
    if (at < token.validFrom || at >= token.validUntil) return "invalid"
    if (token.subject.kind !== "anonymous" && !authenticator.stands(token.subject)) return "invalid"
    const identity = token.keepsIdentity ? identities.get(token.id) : undefined
    if (token.keepsIdentity && identity === undefined) return "invalid"
    return { subject: token.subject, token, identity, isNothing: false }
  }

  #byPassword(username: string, password: string, address: string): Shown | "invalid" | Promise<Shown | "invalid"> {
    const { now, authenticator, rules } = this.#options
    const key = this.#mark(username, password)
    const known = this.#passwords.get(key)
    if (known !== undefined && now() < known.until) {
      const { shown } = known
      const stands = shown.identity
        ? rules.open && !authenticator.claims(username, password)
        : authenticator.stands(shown.subject)
      if (stands) return shown
    }
    return this.#checkPassword(key, username, password, address)
  }

  async #checkPassword(key: string, username: string, password: string, address: string): Promise<Shown | "invalid"> {
    const shown = await this.login(username, password, address, undefined)
    if (shown === undefined) return "invalid"
    if (shown.identity !== undefined || shown.subject.kind !== "anonymous") {
      this.#passwords.set(key, { shown, until: this.#options.now() + passwordMemoMs })
    }
    return shown
  }
}
