import { type Challenge, parseChallenges } from "@entrepot/core"
import type { ResolvedName } from "../proxy/resolved-name.ts"
import type { UpstreamLogin } from "../proxy/upstream-login.ts"
import type { AccessRules, Action } from "./access.ts"
import type { Caller } from "./gate.ts"
import { PromptChallenge } from "./prompt-challenge.ts"
import { scopeFor } from "./scope.ts"

interface ChallengeOptions {
  readonly rules: AccessRules
  /** SELF_AUTH_SERVICE. */
  readonly service: string
  /** SELF_REGISTRY: where the realm is, where it is not where the client asked. */
  readonly selfOrigin: string | undefined
  /** Whether a client that asks there means a registry by it. */
  readonly isVirtualHost: (origin: string) => boolean
  readonly skipAuthProxy: boolean
  readonly upstream: UpstreamLogin | undefined
}

/** Why a new token is needed (RFC 6750, 3.1). */
export type ChallengeError = "invalid_token" | "insufficient_scope"

/** What was asked for: a repository's action, or something without a name. */
export type Asked =
  | {
      readonly what: "repository"
      readonly action: Action
      readonly name: ResolvedName
      /** Pulled from besides. */
      readonly lender?: ResolvedName | undefined
    }
  | { readonly what: "base" | "catalog" | "search" }

/** Writes `WWW-Authenticate`: ours, the upstream's rewritten to our token endpoint, or the upstream's as it is (seed 2's flowchart). */
export class Challenges {
  readonly #options: ChallengeOptions
  readonly #theirs: PromptChallenge | undefined

  constructor(options: ChallengeOptions) {
    this.#options = options
    this.#theirs = options.upstream && new PromptChallenge(options.upstream)
  }

  /** SKIP_AUTH_PROXY, which has no effect once anybody needs to log in here. */
  get skips(): boolean {
    return this.#options.skipAuthProxy && this.#options.rules.open
  }

  /** Without a promise where the upstream's challenge is not needed, or known. */
  for(caller: Caller, asked: Asked, error?: ChallengeError): string | Promise<string> {
    const { rules, upstream, service } = this.#options
    const isTheirs = asked.what === "repository" ? this.#belongsUpstream(asked.name) : asked.what === "base"
    if (!isTheirs || upstream === undefined || !rules.open) return this.#ours(caller, asked, service, error)
    const theirs = this.#theirs?.get()
    const write = (text: string | undefined) => {
      if (text !== undefined && this.skips) return passedOn(text, asked)
      return this.#ours(caller, asked, text === undefined ? service : serviceOf(text, upstream.registry), error)
    }
    return theirs instanceof Promise ? theirs.then(write) : write(theirs)
  }

  /** For wrong passwords at the token endpoint. */
  forLogin(caller: Pick<Caller, "origin">): string {
    return `Basic realm=${quoted(this.#realm(caller))}`
  }

  /**
   * What clients ask for at our token endpoint when their login is the default upstream's: its own service, or its name where it has none (Basic).
   * Undefined: it wants no login.
   */
  async upstreamService(): Promise<string | undefined> {
    const { upstream } = this.#options
    const challenge = await this.#theirs?.get()
    return upstream === undefined || challenge === undefined ? undefined : serviceOf(challenge, upstream.registry)
  }

  /** `/v2/` under SKIP_AUTH_PROXY: what the upstream says there. */
  upstreamAsIs(): string | undefined | Promise<string | undefined> {
    return this.#theirs?.get()
  }

  #belongsUpstream(name: ResolvedName): boolean {
    return name.kind === "proxied" && name.registry === this.#options.upstream?.registry
  }

  #ours(caller: Caller, asked: Asked, service: string, error: ChallengeError | undefined): string {
    const scope = scopeOf(asked)
    const parts = [
      `realm=${quoted(this.#realm(caller))}`,
      `service=${quoted(service)}`,
      ...(scope === undefined ? [] : [`scope=${quoted(scope)}`]),
      ...(error === undefined ? [] : [`error=${quoted(error)}`]),
    ]
    return `Bearer ${parts.join(",")}`
  }

  #realm({ origin }: Pick<Caller, "origin">): string {
    const { selfOrigin, isVirtualHost } = this.#options
    if (selfOrigin === undefined) return `${origin}/v2/auth`
    return `${isVirtualHost(origin) ? withScheme(selfOrigin, origin) : selfOrigin}/v2/auth`
  }
}

/**
 * At a virtual host the realm is there too: what clients ask a token for is named as that host names it. Encryption may end at a proxy that says nothing
 * of it; it does so for all names, unless the client has written a port.
 */
function withScheme(selfOrigin: string, origin: string): string {
  const url = new URL(origin)
  return url.port === "" ? `${new URL(selfOrigin).protocol}//${url.host}` : origin
}

function scopeOf(asked: Asked): string | undefined {
  if (asked.what !== "repository") return asked.what === "catalog" ? "registry:catalog:*" : undefined
  const { action, name, lender } = asked
  const scope = scopeFor(action, name.name)
  return lender === undefined || lender.name === name.name ? scope : `${scope} ${scopeFor("pull", lender.name)}`
}

/** The upstream's own, with the scope that it would have named had it been asked for the repository. */
function passedOn(text: string, asked: Asked): string {
  const bearer = bearerOf(text)
  if (bearer === undefined || bearer.parameters.has("scope")) return text
  if (asked.what !== "repository" || asked.name.kind !== "proxied") return text
  return `${text},scope=${quoted(scopeFor(asked.action, asked.name.path))}`
}

function serviceOf(challenge: string, registry: string): string {
  return bearerOf(challenge)?.parameters.get("service") ?? registry
}

function bearerOf(text: string): Challenge | undefined {
  return parseChallenges([text]).find(({ scheme }) => scheme === "bearer")
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`
}
