import type { Side } from "../../errors/error-code.ts"
import { TransferError } from "../../errors/transfer-error.ts"
import { basicAuthorization, type Credentials } from "../credentials/credentials.ts"
import { bufferBody, type HttpRequest, type HttpResponse, type Send } from "../http.ts"

/** A bearer token and how long it is good for. */
export interface Token {
  readonly value: string
  readonly lifetimeMs: number
}

export interface TokenQuestion {
  readonly realm: URL
  readonly service: string | undefined
  readonly scopes: readonly string[]
  /** Already judged by the realm rule: whatever stands here is sent to the realm. */
  readonly credentials: Credentials | undefined
  /** Registry host on whose behalf the token is fetched, for errors. */
  readonly registry: string
  /** What a person can do when the token server refuses. */
  readonly hint: string
  readonly origin: HttpRequest["origin"]
  readonly side: Side | undefined
  readonly signal: AbortSignal
}

/** Largest answer of a token server that is read, bytes (RELIABILITY S9). */
export const tokenLimit = 1024 * 1024
/** Seconds, when a server does not say, and when it says less (distribution, "Token Authentication Specification"). */
const defaultLifetime = 60

/**
 * Fetches a token (distribution, spec/auth/token.md and oauth.md): an identity token by POST, everything else by GET. Redirects are not
 * followed. Fewer scopes granted than asked for is no error.
 * @throws TransferError `unauthorized` or `forbidden` when refused; `rate_limited` or `server_error` for 429 and 5xx; `too_large`;
 * `protocol` for an answer that is no token.
 */
export async function fetchToken(send: Send, question: TokenQuestion): Promise<Token> {
  const posted =
    question.credentials && "identityToken" in question.credentials
      ? await send(refreshRequest(question, question.credentials.identityToken))
      : undefined
  // Servers without OAuth2 answer 404 or 405 to the POST (docs/content/spec/auth/oauth.md, "404 → GET").
  if (posted && posted.status !== 404 && posted.status !== 405) return readToken(posted, question)
  await posted?.body.discard()
  return readToken(await send(getRequest(question)), question)
}

function getRequest(question: TokenQuestion): HttpRequest {
  const url = new URL(question.realm)
  if (question.service !== undefined) url.searchParams.append("service", question.service)
  for (const scope of question.scopes) url.searchParams.append("scope", scope)
  const authorization = question.credentials ? { authorization: basicAuthorization(question.credentials) } : {}
  return { ...common(question), method: "GET", url, headers: { accept: "application/json", ...authorization } }
}

function refreshRequest(question: TokenQuestion, identityToken: string): HttpRequest {
  const form = new URLSearchParams({ grant_type: "refresh_token", client_id: "entrepot", refresh_token: identityToken })
  if (question.service !== undefined) form.set("service", question.service)
  if (question.scopes.length > 0) form.set("scope", question.scopes.join(" "))
  return {
    ...common(question),
    method: "POST",
    url: question.realm,
    headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
    body: bufferBody(Buffer.from(form.toString())),
  }
}

function common(question: TokenQuestion): Pick<HttpRequest, "origin" | "signal" | "side"> {
  return { origin: question.origin, signal: question.signal, ...(question.side && { side: question.side }) }
}

async function readToken(response: HttpResponse, question: TokenQuestion): Promise<Token> {
  const host = question.realm.host
  if (response.status !== 200) {
    await response.body.discard()
    throw refusal(response, question)
  }
  const bytes = await response.body.bytes(tokenLimit)
  const details = { host, status: 200, hint: "check that the address is a registry" }
  const answer = parseObject(bytes)
  if (!answer) throw new TransferError("protocol", `the token server ${host} did not answer with JSON`, details)
  const value = [answer.token, answer.access_token].find((one) => typeof one === "string" && one !== "")
  // A line break would end the header that the token goes into.
  if (typeof value !== "string" || !/^[\x21-\x7e]+$/.test(value))
    throw new TransferError("protocol", `the token server ${host} answered without a usable token`, details)
  const seconds = typeof answer.expires_in === "number" ? answer.expires_in : defaultLifetime
  return { value, lifetimeMs: Math.max(seconds, defaultLifetime) * 1000 }
}

function parseObject(bytes: Buffer): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(bytes.toString("utf8"))
    return typeof value === "object" && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

function refusal(response: HttpResponse, question: TokenQuestion): TransferError {
  const host = question.realm.host
  const status = response.status
  const { registry, credentials, hint } = question
  if (status === 401 || status === 403) {
    const code = status === 403 && credentials ? "forbidden" : "unauthorized"
    return new TransferError(code, `the token server ${host} refused access to ${registry} (${status})`, {
      host: registry,
      status,
      hint,
    })
  }
  if (status === 429)
    return new TransferError("rate_limited", `the token server ${host} limits the rate of requests`, { host, status })
  if (status >= 500 || status === 408)
    return new TransferError("server_error", `the token server ${host} answered ${status}`, { host, status })
  return new TransferError("protocol", `the token server ${host} answered ${status} instead of a token`, { host, status })
}
