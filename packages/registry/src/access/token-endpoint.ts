import type { ResolvedName } from "../proxy/resolved-name.ts"
import { RegistryError } from "../registry-error.ts"
import { type AccessRules, anonymous, type Subject } from "./access.ts"
import { parseAuthorization } from "./authorization.ts"
import type { Callers, Shown } from "./callers.ts"
import type { Challenges } from "./challenges.ts"
import type { ClientIdentities } from "./client-identities.ts"
import { may, repositoryActions } from "./may.ts"
import type { RegistryTokens } from "./registry-tokens.ts"
import { parseScope } from "./scope.ts"
import type { TokenAccess } from "./token-content.ts"

/** A request to `/v2/auth`. */
export interface TokenRequest {
  readonly method: string
  readonly query: URLSearchParams
  /** Body of a POST (`application/x-www-form-urlencoded`). */
  readonly form?: URLSearchParams | undefined
  readonly authorization: string | undefined
  readonly address: string
  /** This server's address as the client wrote it. */
  readonly origin: string
}

/** What `/v2/auth` says: `body` as JSON, which no cache may keep. */
export interface TokenAnswer {
  readonly status: 200 | 400
  readonly body: Readonly<Record<string, unknown>>
}

interface TokenEndpointOptions {
  readonly rules: AccessRules
  readonly callers: Callers
  readonly tokens: RegistryTokens
  readonly identities: ClientIdentities
  readonly challenges: Challenges
  /** What a scope's name means to somebody who asks at `origin`. @throws RegistryError for what is no name. */
  readonly resolve: (name: string, origin: string) => ResolvedName
}

/** Clients put the scope first that they need now; what would make a token too long for a header is left out. */
const mostScopes = 32
const mostNameCharacters = 3000

/**
 * Issues tokens: GET with Basic or nothing, POST as OAuth2 with a password (distribution, "Token Authentication Specification" and "Oauth2 Token
 * Authentication"). Granted is what was requested and the rules allow; less than was asked for is no error.
 */
export class TokenEndpoint {
  readonly #options: TokenEndpointOptions

  constructor(options: TokenEndpointOptions) {
    this.#options = options
  }

  /** @throws RegistryError UNAUTHORIZED for a wrong password, TOOMANYREQUESTS, UNSUPPORTED for other methods. */
  async answer(request: TokenRequest): Promise<TokenAnswer> {
    if (request.method === "GET") return this.#get(request)
    if (request.method === "POST") return this.#post(request)
    throw new RegistryError("UNSUPPORTED", "tokens are fetched by GET or POST")
  }

  async #get(request: TokenRequest): Promise<TokenAnswer> {
    const { query, authorization } = request
    const given = parseAuthorization(authorization)
    const service = query.get("service") ?? undefined
    if (given.scheme === "none") return this.#issue(request, undefined, query.getAll("scope"))
    if (given.scheme !== "basic") throw this.#wrong(request)
    const shown = await this.#options.callers.login(given.username, given.password, request.address, service)
    if (shown === undefined) throw this.#wrong(request)
    return this.#issue(request, shown, query.getAll("scope"))
  }

  async #post(request: TokenRequest): Promise<TokenAnswer> {
    const form = request.form ?? new URLSearchParams()
    const [username, password] = [form.get("username"), form.get("password")]
    // Clients that hold credentials ask once more by GET after this answer.
    if (form.get("grant_type") !== "password")
      return refusal("unsupported_grant_type", "passwords alone are exchanged for tokens")
    if (username === null || password === null) return refusal("invalid_request", "username and password are missing")
    const shown = await this.#options.callers.login(username, password, request.address, form.get("service") ?? undefined)
    if (shown === undefined) throw this.#wrong(request)
    return this.#issue(request, shown, form.getAll("scope"))
  }

  async #issue({ origin }: TokenRequest, shown: Shown | undefined, scopes: readonly string[]): Promise<TokenAnswer> {
    const { tokens, identities } = this.#options
    const identity = shown?.identity
    const subject = shown?.subject ?? anonymous
    const access = this.#grant(subject, scopes.flatMap((text) => text.split(" ")).filter(Boolean), origin)
    const { token, id, lifetimeS, issuedAt } = await tokens.sign(subject, access, identity !== undefined)
    if (identity) identities.keep(id, identity, issuedAt + lifetimeS * 1000)
    const scope = access.map(({ type, name, actions }) => `${type}:${name}:${actions.join(",")}`).join(" ")
    const body = {
      token,
      access_token: token,
      token_type: "Bearer",
      expires_in: lifetimeS,
      issued_at: new Date(issuedAt).toISOString(),
    }
    return { status: 200, body: scope === "" ? body : { ...body, scope } }
  }

  #grant(subject: Subject, scopes: readonly string[], origin: string): readonly TokenAccess[] {
    const granted = new Map<string, TokenAccess>()
    let characters = 0
    for (const text of scopes.slice(0, mostScopes)) {
      const one = this.#grantOne(subject, text, origin)
      if (one === undefined) continue
      const key = `${one.type}:${one.name}`
      const before = granted.get(key)
      characters += before ? 0 : one.name.length
      if (characters > mostNameCharacters) break
      granted.set(key, before ? { ...one, actions: [...new Set([...before.actions, ...one.actions])] } : one)
    }
    return [...granted.values()]
  }

  #grantOne(subject: Subject, text: string, origin: string): TokenAccess | undefined {
    const { rules } = this.#options
    const scope = parseScope(text)
    if (scope === undefined) return undefined
    const { type, name, actions } = scope
    if (type === "registry") {
      const mayList = name === "catalog" && actions.includes("*") && (rules.open || subject.kind !== "anonymous")
      return mayList ? { type, name, actions: ["*"] } : undefined
    }
    const resolved = type === "repository" ? this.#resolve(name, origin) : undefined
    if (resolved === undefined) return undefined
    const wanted = repositoryActions.filter((action) => actions.includes(action) || actions.includes("*"))
    const mine = wanted.filter((action) => may(rules, subject, action, resolved))
    return mine.length === 0 ? undefined : { type: "repository", name: resolved.name, actions: mine }
  }

  #resolve(name: string, origin: string): ResolvedName | undefined {
    try {
      return this.#options.resolve(name, origin)
    } catch (error) {
      if (error instanceof RegistryError) return undefined
      throw error
    }
  }

  #wrong(request: TokenRequest): RegistryError {
    return new RegistryError("UNAUTHORIZED", "incorrect user name or password", {
      challenge: this.#options.challenges.forLogin(request),
    })
  }
}

function refusal(error: string, description: string): TokenAnswer {
  return { status: 400, body: { error, error_description: description } }
}
