import { type Clock, systemClock } from "../../content/clock.ts"
import { createRedactor } from "../../errors/redactor.ts"
import { isCancellation, isTransferError, TransferError } from "../../errors/transfer-error.ts"
import { basicAuthorization, type CredentialSource, type Credentials } from "../credentials/credentials.ts"
import { RememberedCredentials } from "../credentials/remembered.ts"
import type { HttpRequest, HttpResponse, Layer, Send } from "../http.ts"
import { parseChallenges } from "./challenge.ts"
import { notSent } from "./connection-errors.ts"
import { mayReceiveCredentials, type RealmPair } from "./realm-rule.ts"
import { missingScopes, repositoryOf } from "./scopes.ts"
import { guardBody, isBodySpent } from "./spent-body.ts"
import { fetchToken } from "./token.ts"
import { TokenCache } from "./token-cache.ts"

export interface AuthOptions {
  readonly credentials?: CredentialSource
  /** Registries whose token server has another domain, beside the known ones. */
  readonly realmPairs?: readonly RealmPair[]
  readonly clock?: Clock
}

/** How a host wants to be asked, learned from its first 401 and kept for the requests that follow. */
type Manner =
  | { readonly scheme: "basic" }
  | { readonly scheme: "bearer"; readonly realm: URL; readonly service: string | undefined }

/** What went out with a request, so that a refusal can be told from a token that has only expired. */
interface Authorization {
  readonly header: string
  readonly key: string | undefined
  readonly token: string | undefined
  readonly known: Credentials | undefined
  /** What a person can do when it is refused. */
  readonly hint: string
}

/**
 * Authentication towards registries (distribution, spec/auth): the first request of a host goes out anonymously; its challenge is
 * remembered, so that every later request carries its token or Basic header from the start. A request without `scopes` (undefined) is
 * passed on untouched, and its 401 goes up as a response; `[]` authenticates without naming a resource. After a 401 a request is sent
 * once more with a fresh token. Credentials go to a realm only under the rule of `mayReceiveCredentials` (RELIABILITY S1).
 * @throws TransferError `unauthorized` for a second 401, or a first one that nothing can be done about; whatever `fetchToken` throws.
 */
export function auth(options: AuthOptions = {}): Layer {
  return (next) => {
    const authenticator = new Authenticator(next, options)
    return (request) => authenticator.send(request)
  }
}

class Authenticator {
  readonly #next: Send
  readonly #options: AuthOptions
  readonly #tokens: TokenCache
  readonly #manners = new Map<string, Manner>()
  readonly #known: RememberedCredentials
  /** Scopes that a host asked for beyond those of the request, by token key. */
  readonly #demanded = new Map<string, readonly string[]>()

  constructor(next: Send, options: AuthOptions) {
    this.#next = next
    this.#options = options
    this.#known = new RememberedCredentials(options.credentials, (options.clock ?? systemClock).now)
    this.#tokens = new TokenCache(options.clock ?? systemClock)
  }

  async send(original: HttpRequest): Promise<HttpResponse> {
    const { scopes } = original
    if (!scopes || original.headers?.authorization !== undefined) return this.#next(original)
    const request = original.body ? { ...original, body: guardBody(original.body) } : original
    const first = await this.#authorize(request, scopes)
    const response = await this.#next(first ? withAuthorization(request, first) : request)
    if (response.status !== 401) return hiding(response, first)
    await response.body.discard()
    this.#learn(response, request, scopes)
    this.#forget(request, first)
    const second = await this.#authorize(request, scopes)
    if (!second || second.header === first?.header) throw this.#refused(request, first)
    const again = await this.#again(withAuthorization(request, second))
    if (again.status !== 401) return hiding(again, second)
    await again.body.discard()
    this.#forget(request, second)
    throw this.#refused(request, second)
  }

  async #again(request: HttpRequest): Promise<HttpResponse> {
    try {
      return await this.#next(request)
    } catch (cause) {
      if (!isBodySpent(cause)) throw cause
      const { host } = request.url
      throw new TransferError("network", `${host} asked for a fresh token in the middle of an upload`, {
        host,
        status: 401,
        cause,
      })
    }
  }

  /** Undefined where nothing is known that could be sent. */
  async #authorize(request: HttpRequest, scopes: readonly string[]): Promise<Authorization | undefined> {
    const manner = this.#manners.get(request.url.host)
    if (!manner) return undefined
    const known = await this.#known.get(request.url.host, repositoryOf(scopes))
    if (manner.scheme === "basic")
      return (
        known && { header: basicAuthorization(known), key: undefined, token: undefined, known, hint: checkHint(request.url.host) }
      )
    const key = tokenKey(request.url, manner, scopes)
    const trusted = await mayReceiveCredentials(request.url, manner.realm, this.#options.realmPairs)
    const hint = hintFor(request.url.host, manner.realm.host, known !== undefined, trusted)
    try {
      const token = await this.#tokens.get(key, request.signal, (signal) =>
        fetchToken(this.#next, {
          realm: manner.realm,
          service: manner.service,
          scopes: [...(this.#demanded.get(key) ?? []), ...scopes],
          credentials: trusted ? known : undefined,
          registry: request.url.host,
          hint,
          origin: manner.realm.host === request.url.host ? request.origin : "derived",
          side: request.side,
          signal,
        }),
      )
      return { header: `Bearer ${token}`, key, token, known, hint }
    } catch (error) {
      if (isTransferError(error, "unauthorized")) this.#known.forget(request.url.host)
      if (!isTransferError(error) || isCancellation(error, request.signal)) throw error
      throw notSent(error, "its token could not be fetched")
    }
  }

  /** What was refused is not sent again: the next one may ask for a fresh token, and for a password that was changed meanwhile. */
  #forget(request: HttpRequest, refused: Authorization | undefined): void {
    if (!refused) return
    if (refused.key && refused.token) this.#tokens.forget(refused.key, refused.token)
    else this.#known.forget(request.url.host)
  }

  #learn(response: HttpResponse, request: HttpRequest, scopes: readonly string[]): void {
    const challenges = parseChallenges(response.headers.all("www-authenticate"))
    const bearer = challenges.find((challenge) => challenge.scheme === "bearer" && challenge.parameters.has("realm"))
    if (bearer) {
      const realm = readRealm(bearer.parameters.get("realm") ?? "", request)
      const manner = { scheme: "bearer", realm, service: bearer.parameters.get("service") } as const
      this.#manners.set(request.url.host, manner)
      const missing = missingScopes(bearer.parameters.get("scope") ?? "", scopes)
      if (missing.length > 0) this.#demanded.set(tokenKey(request.url, manner, scopes), missing)
    } else if (challenges.some((challenge) => challenge.scheme === "basic")) {
      this.#manners.set(request.url.host, { scheme: "basic" })
    }
  }

  #refused(request: HttpRequest, sent: Authorization | undefined): TransferError {
    const { host } = request.url
    const hint = sent?.hint ?? `log in to ${host}`
    return new TransferError("unauthorized", `${host} refused access (401)`, { host, side: request.side, status: 401, hint })
  }
}

/** Error pages echo requests: whoever quotes one can take our secrets out of it (RELIABILITY S19). */
function hiding(response: HttpResponse, sent: Authorization | undefined): HttpResponse {
  if (!sent) return response
  const { known, header } = sent
  const secret = known && ("identityToken" in known ? known.identityToken : known.password)
  return { ...response, hide: (text) => createRedactor([secret, header.slice(header.indexOf(" ") + 1)])(text) }
}

function hintFor(host: string, realm: string, known: boolean, trusted: boolean): string {
  if (!known) return `log in to ${host}`
  if (trusted) return checkHint(host)
  return `the credentials for ${host} were not sent to its token server ${realm}, which belongs to another domain`
}

function checkHint(host: string): string {
  return `check user name and password for ${host}`
}

function withAuthorization(request: HttpRequest, authorization: Authorization): HttpRequest {
  return { ...request, headers: { ...request.headers, authorization: authorization.header } }
}

function tokenKey(url: URL, manner: Manner & { scheme: "bearer" }, scopes: readonly string[]): string {
  return JSON.stringify([url.host, manner.realm.href, manner.service, ...scopes.toSorted()])
}

/** @throws TransferError `protocol` for a realm that is no http(s) URL, or that would leave https. */
function readRealm(text: string, request: HttpRequest): URL {
  const { host, protocol } = request.url
  const realm = URL.canParse(text) ? new URL(text) : undefined
  if (realm?.protocol !== "https:" && realm?.protocol !== "http:")
    throw new TransferError("protocol", `${host} names a token server that is not a URL`, { host, side: request.side })
  if (protocol === "https:" && realm.protocol === "http:")
    throw new TransferError("protocol", `${host} is reached over https and names a token server over plain http`, {
      host,
      side: request.side,
      hint: "have the registry name its token server with https",
    })
  realm.username = ""
  realm.password = ""
  realm.hash = ""
  return realm
}
