import type { ClientIdentity } from "../proxy/client-identity.ts"
import type { ResolvedName } from "../proxy/resolved-name.ts"
import type { UpstreamLogin } from "../proxy/upstream-login.ts"
import { RegistryError } from "../registry-error.ts"
import { type AccessRules, type Action, type Authenticator, anonymous } from "./access.ts"
import { Callers, type Shown } from "./callers.ts"
import { type Asked, type ChallengeError, Challenges } from "./challenges.ts"
import { ClientIdentities } from "./client-identities.ts"
import type { Admission, Caller, Gate } from "./gate.ts"
import { isPublic, may } from "./may.ts"
import { RegistryTokens } from "./registry-tokens.ts"
import { type TokenAnswer, TokenEndpoint, type TokenRequest } from "./token-endpoint.ts"

export interface GateOptions {
  readonly rules: AccessRules
  readonly authenticator: Authenticator
  readonly tokens: {
    /** SERVER_SECRET's values, at least 32 bytes each: the first signs, all verify. */
    readonly secrets: readonly Uint8Array[]
    /** SELF_AUTH_SERVICE. */
    readonly service: string
    /** Seconds, default 300. */
    readonly lifetimeS?: number
  }
  /** What a scope's name means to a client that asks at `origin` (virtual hosts). @throws RegistryError for what is no name. */
  readonly resolve: (name: string, origin: string) => ResolvedName
  /** SELF_REGISTRY, where it is set: the realm's origin, without a path. Clients that asked at a virtual host find the realm there. */
  readonly selfOrigin?: string | undefined
  /** Whether a registry has a virtual host at that origin. Default: none has. */
  readonly isVirtualHost?: (origin: string) => boolean
  /** SKIP_AUTH_PROXY: clients are sent to the upstream's token server. Without effect once anybody needs to log in here. */
  readonly skipAuthProxy?: boolean
  /** The default upstream, for clients that log in there through us. */
  readonly upstream?: UpstreamLogin | undefined
  /** Milliseconds since 1970. Default Date.now. */
  readonly now?: () => number
}

/** The gate, and the token endpoint that belongs to it. */
export interface RegistryGate extends Gate {
  /** `/v2/auth`. @throws RegistryError UNAUTHORIZED for a wrong password, TOOMANYREQUESTS, UNSUPPORTED for other methods. */
  token(request: TokenRequest): Promise<TokenAnswer>
}

/** Decides who may do what, by the rules in force and the tokens issued here (RELIABILITY section 3). @throws RangeError for unusable secrets. */
export function createGate(options: GateOptions): RegistryGate {
  return new RightsGate(options)
}

const deniedSentence = "requested access to the resource is denied"

class RightsGate implements RegistryGate {
  readonly #rules: AccessRules
  readonly #upstreamRegistry: string | undefined
  readonly #challenges: Challenges
  readonly #callers: Callers
  readonly #endpoint: TokenEndpoint

  constructor({ rules, authenticator, tokens: { secrets, service, lifetimeS }, resolve, ...options }: GateOptions) {
    const { selfOrigin, isVirtualHost = () => false, skipAuthProxy = false, upstream, now = Date.now } = options
    const tokens = new RegistryTokens({ secrets, service, lifetimeS, now })
    const [secret = new Uint8Array()] = secrets
    const identities = new ClientIdentities(secret, upstream?.registry ?? "", now)
    const challenges = new Challenges({ rules, service, selfOrigin, isVirtualHost, skipAuthProxy, upstream })
    this.#rules = rules
    this.#upstreamRegistry = upstream?.registry
    this.#challenges = challenges
    this.#callers = new Callers({ rules, authenticator, tokens, identities, challenges, upstream, secret, now })
    this.#endpoint = new TokenEndpoint({ rules, callers: this.#callers, tokens, identities, challenges, resolve })
  }

  token(request: TokenRequest): Promise<TokenAnswer> {
    return this.#endpoint.answer(request)
  }

  admit(caller: Caller, action: Action, name: ResolvedName, lender?: ResolvedName): Admission | Promise<Admission> {
    const shown = this.#callers.identify(caller)
    return shown instanceof Promise
      ? shown.then((found) => this.#decide(found, caller, action, name, lender))
      : this.#decide(shown, caller, action, name, lender)
  }

  admitBase(caller: Caller, action: "base" | "catalog" | "search"): Admission | Promise<Admission> {
    const shown = this.#callers.identify(caller)
    return shown instanceof Promise
      ? shown.then((found) => this.#decideBase(found, caller, action))
      : this.#decideBase(shown, caller, action)
  }

  mayPull({ subject }: Admission, name: ResolvedName): boolean {
    return may(this.#rules, subject, "pull", name)
  }

  challenge(caller: Caller, action: Action, name: ResolvedName, lender?: ResolvedName): string | Promise<string> {
    const error = lender === undefined ? undefined : "insufficient_scope"
    return this.#challenges.for(caller, { what: "repository", action, name, lender }, error)
  }

  #decide(
    shown: Shown | "invalid",
    caller: Caller,
    action: Action,
    name: ResolvedName,
    lender: ResolvedName | undefined,
  ): Admission | Promise<Admission> {
    const asked = { what: "repository", action, name, lender } as const
    if (shown === "invalid") return this.#unauthorized(caller, asked, "invalid_token")
    const { subject, token } = shown
    const identity = this.#identityFor(shown, name)
    const admitsAnybody = identity === undefined && isPublic(this.#rules, action, name)
    if (admitsAnybody) return { subject, isPublic: true }
    if (may(this.#rules, subject, action, name)) {
      const isCovered = token === undefined || token.repositories.get(name.name)?.includes(action)
      if (!isCovered) return this.#unauthorized(caller, asked, "insufficient_scope")
      return identity === undefined ? { subject, isPublic: false } : { subject, identity, isPublic: false }
    }
    const isForbidden = this.#rules.isDenied(name.name)
    // Docker repeats a HEAD for a minute that is answered 401 or 403, and gives up at once where a token is said to be too narrow.
    const error = token === undefined ? undefined : "insufficient_scope"
    if (subject.kind === "anonymous" && !isForbidden) return this.#unauthorized(caller, asked, error)
    if (token !== undefined && !isForbidden) return this.#unauthorized(caller, asked, error, "DENIED")
    throw new RegistryError("DENIED", deniedSentence)
  }

  #decideBase(shown: Shown | "invalid", caller: Caller, what: "base" | "catalog" | "search"): Admission | Promise<Admission> {
    if (shown === "invalid") return this.#unauthorized(caller, { what }, "invalid_token")
    const { subject, token, isNothing } = shown
    if (what === "base") {
      if (!isNothing) return { subject, isPublic: false }
      return this.#challenges.skips ? this.#baseAsUpstream(caller) : this.#unauthorized(caller, { what })
    }
    if (this.#rules.open) return { subject, isPublic: true }
    if (subject.kind === "anonymous") return this.#unauthorized(caller, { what })
    if (what === "catalog" && token !== undefined && !token.hasCatalog) {
      return this.#unauthorized(caller, { what }, "insufficient_scope")
    }
    return { subject, isPublic: false }
  }

  async #baseAsUpstream(caller: Caller): Promise<Admission> {
    if ((await this.#challenges.upstreamAsIs()) !== undefined) return this.#unauthorized(caller, { what: "base" })
    return { subject: anonymous, isPublic: true }
  }

  /** A standing at the upstream is for its own registry, and ends when people need to log in here. */
  #identityFor({ identity }: Shown, name: ResolvedName): ClientIdentity | undefined {
    const isTheirs = name.kind === "proxied" && name.registry === this.#upstreamRegistry
    return isTheirs && this.#rules.open ? identity : undefined
  }

  #unauthorized(
    caller: Caller,
    asked: Asked,
    error?: ChallengeError,
    code: "UNAUTHORIZED" | "DENIED" = "UNAUTHORIZED",
  ): Promise<never> {
    const challenge = this.#challenges.for(caller, asked, error)
    const refuse = (text: string): never => {
      const sentence = code === "DENIED" ? deniedSentence : "authentication required"
      throw new RegistryError(code, sentence, { status: 401, challenge: text })
    }
    return challenge instanceof Promise ? challenge.then(refuse) : refuse(challenge)
  }
}
