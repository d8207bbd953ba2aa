import { type Credentials, isTransferError } from "@entrepot/core"
import type { UpstreamClient } from "./upstream-client.ts"
import type { UpstreamLogin } from "./upstream-login.ts"

/** How long an upstream's challenge is remembered, and that there was none to be had, milliseconds. */
const believedMs = 10 * 60_000
const missedMs = 10_000
/** Longest that a client is kept waiting for either, milliseconds. */
const challengeWaitMs = 5_000
const loginWaitMs = 15_000

/** The first upstream of the default registry, as far as clients log in there themselves. No other upstream is shown what they show. */
export class DefaultLogin implements UpstreamLogin {
  readonly registry: string
  readonly #client: () => UpstreamClient | undefined
  readonly #now: () => number
  #known: { readonly challenge: string | undefined; readonly host: string; readonly until: number } | undefined
  #asking: Promise<string | undefined> | undefined

  constructor(registry: string, client: () => UpstreamClient | undefined, now: () => number) {
    this.registry = registry
    this.#client = client
    this.#now = now
  }

  /** `WWW-Authenticate` of its `/v2/`. Never throws: an upstream that does not answer wants no login that is known. */
  challenge(): string | undefined | Promise<string | undefined> {
    const client = this.#client()
    if (client === undefined) return undefined
    const known = this.#known
    if (known !== undefined && known.host === client.host && this.#now() < known.until) return known.challenge
    this.#asking ??= this.#ask(client).finally(() => {
      this.#asking = undefined
    })
    return this.#asking
  }

  /** @throws TransferError where the upstream cannot be asked. */
  async accepts(credentials: Credentials): Promise<boolean> {
    const client = this.#client()
    if (client === undefined) return false
    const http = client.loginWith(credentials)
    const signal = AbortSignal.timeout(loginWaitMs)
    try {
      const url = new URL("/v2/", await http.baseUrl(client.host))
      const response = await http.send({ method: "GET", url, origin: "configured", scopes: [], side: "source", signal })
      await response.body.discard()
      return response.status === 200
    } catch (error) {
      if (isTransferError(error, "unauthorized") || isTransferError(error, "forbidden")) return false
      throw error
    }
  }

  async #ask(client: UpstreamClient): Promise<string | undefined> {
    let challenge: string | undefined
    let until = this.#now() + believedMs
    try {
      const http = client.http()
      const signal = AbortSignal.timeout(challengeWaitMs)
      const url = new URL("/v2/", await http.baseUrl(client.host))
      const response = await http.send({ method: "GET", url, origin: "configured", side: "source", signal })
      challenge = response.status === 401 ? response.headers.get("www-authenticate") : undefined
      await response.body.discard()
    } catch (error) {
      if (!isTransferError(error)) throw error
      until = this.#now() + missedMs
    }
    this.#known = { challenge, host: client.host, until }
    return challenge
  }
}
