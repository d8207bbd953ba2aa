import { randomBytes } from "node:crypto"
import { basicCredentials, parseScope } from "../real/signing-token-server.ts"
import type { Exchange } from "./exchange.ts"
import type { BasicAuth, TestRegistryOptions, TokenAuth } from "./registry-options.ts"
import { errorReply, jsonReply, type Reply } from "./reply.ts"

interface Grant {
  readonly access: readonly { readonly name: string; readonly actions: readonly string[] }[]
  readonly until: number
}

/** Who may do what: nothing, Basic, or Bearer tokens from our own token server (distribution, `spec/auth`). */
export class AccessControl {
  readonly #auth: TestRegistryOptions["auth"]
  readonly #grants = new Map<string, Grant>()
  readonly #refreshTokens = new Map<string, string>()
  /** Origin of our token server; known once it listens. */
  tokenOrigin = ""

  constructor(auth: TestRegistryOptions["auth"]) {
    this.#auth = auth
  }

  /** Every token given out so far stops being valid. */
  revoke(): void {
    this.#grants.clear()
  }

  /** The refusal, undefined when the request may go on. */
  check(exchange: Exchange): Reply | undefined {
    const auth = this.#auth
    if (auth === undefined || auth === "none") return undefined
    return "basic" in auth ? checkBasic(auth, exchange) : this.#checkToken(auth, exchange)
  }

  /** The token endpoint: GET, and POST in the OAuth2 form. */
  async serveToken(exchange: Exchange): Promise<Reply> {
    const auth = this.#auth
    if (auth === undefined || auth === "none" || "basic" in auth) return errorReply(404, "UNSUPPORTED")
    if (exchange.method === "POST") return await this.#post(auth, exchange)
    const credentials = basicCredentials(exchange.incoming.headers.authorization)
    if (credentials && auth.token[credentials.user] !== credentials.password) return wrongPassword
    const scopes = exchange.url.searchParams.getAll("scope").flatMap((scope) => scope.split(" "))
    const offline = exchange.url.searchParams.get("offline_token") === "true"
    return this.#grant(auth, credentials?.user, scopes, offline)
  }

  async #post(auth: TokenAuth, exchange: Exchange): Promise<Reply> {
    if (auth.refusePost) return errorReply(auth.refusePost, "UNSUPPORTED", "page not found")
    const form = new URLSearchParams((await exchange.bodyBytes(64 * 1024))?.toString())
    let user: string | undefined
    if (form.get("grant_type") === "password") {
      user = form.get("username") ?? ""
      if (auth.token[user] !== form.get("password")) return wrongPassword
    } else {
      user = this.#refreshTokens.get(form.get("refresh_token") ?? "")
      if (user === undefined) return wrongPassword
    }
    return this.#grant(auth, user, (form.get("scope") ?? "").split(" "), form.get("access_type") === "offline")
  }

  #grant(auth: TokenAuth, user: string | undefined, scopes: readonly string[], offline: boolean): Reply {
    const access = scopes.flatMap((scope) => {
      const parsed = parseScope(scope)
      if (!parsed) return []
      const possible =
        user === undefined ? parsed.actions.filter((each) => auth.anonymousPull && each === "pull") : parsed.actions
      const actions = auth.grant ? auth.grant(user, parsed.name, possible) : possible
      return actions.length > 0 ? [{ name: parsed.name, actions }] : []
    })
    const token = randomBytes(24).toString("base64url")
    const expiresIn = auth.expiresIn === undefined ? 300 : auth.expiresIn
    this.#grants.set(token, { access, until: performance.now() + (auth.validForMs ?? (expiresIn ?? 60) * 1000) })
    const refreshToken = randomBytes(24).toString("base64url")
    if (offline && user !== undefined) this.#refreshTokens.set(refreshToken, user)
    return jsonReply(200, {
      token,
      access_token: token,
      issued_at: new Date().toISOString(),
      ...(expiresIn === null ? {} : { expires_in: expiresIn }),
      ...(offline && user !== undefined ? { refresh_token: refreshToken } : {}),
    })
  }

  #checkToken(auth: TokenAuth, exchange: Exchange): Reply | undefined {
    const needed = neededAccess(exchange)
    const header = exchange.incoming.headers.authorization
    const grant = header?.startsWith("Bearer ") ? this.#grants.get(header.slice(7)) : undefined
    if (grant && grant.until > performance.now()) {
      const allowed = needed.every(({ name, actions }) => {
        const given = grant.access.filter((each) => each.name === name).flatMap((each) => each.actions)
        return actions.every((action) => given.includes(action) || given.includes("*"))
      })
      if (allowed) return undefined
      return this.#challenge(auth, needed, "insufficient_scope")
    }
    return this.#challenge(auth, needed, header === undefined ? undefined : "invalid_token")
  }

  #challenge(auth: TokenAuth, needed: readonly Needed[], error: string | undefined): Reply {
    const scope = needed.map(({ type, name, actions }) => `${type}:${name}:${actions.join(",")}`).join(" ")
    const parts = [
      `realm="${auth.realm ?? `${this.tokenOrigin}/token`}"`,
      `service="${auth.service ?? "test registry"}"`,
      ...(scope ? [`scope="${scope}"`] : []),
      ...(error ? [`error="${error}"`] : []),
    ]
    return errorReply(401, "UNAUTHORIZED", "authentication required", { "www-authenticate": `Bearer ${parts.join(",")}` })
  }
}

interface Needed {
  readonly type: string
  readonly name: string
  readonly actions: readonly string[]
}

const wrongPassword = errorReply(401, "UNAUTHORIZED", "incorrect username or password")

function checkBasic(auth: BasicAuth, exchange: Exchange): Reply | undefined {
  const credentials = basicCredentials(exchange.incoming.headers.authorization)
  if (credentials && auth.basic[credentials.user] === credentials.password) return undefined
  const reads = (exchange.method === "GET" || exchange.method === "HEAD") && exchange.route.resource !== "ping"
  if (!credentials && auth.anonymousPull && reads) return undefined
  return errorReply(401, "UNAUTHORIZED", "authentication required", { "www-authenticate": 'Basic realm="test registry"' })
}

function neededAccess(exchange: Exchange): Needed[] {
  const { resource, repository } = exchange.route
  if (resource === "catalog") return [{ type: "registry", name: "catalog", actions: ["*"] }]
  if (repository === undefined) return []
  const reads = exchange.method === "GET" || exchange.method === "HEAD"
  const actions = exchange.method === "DELETE" ? ["delete"] : reads ? ["pull"] : ["pull", "push"]
  const from = resource === "upload" && exchange.method === "POST" ? exchange.url.searchParams.get("from") : null
  return [
    { type: "repository", name: repository, actions },
    ...(from === null ? [] : [{ type: "repository", name: from, actions: ["pull"] }]),
  ]
}
