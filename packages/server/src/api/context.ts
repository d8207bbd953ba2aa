import type { IncomingMessage, ServerResponse } from "node:http"
import type { Locale } from "@entrepot/core"
import type { Actor } from "../accounts/actor.ts"
import type { Client } from "../http/client.ts"
import { originOf, type RequestOrigin } from "../http/origin.ts"
import type { OwnNames } from "../http/own-names.ts"
import type { RequestTarget } from "../http/request-path.ts"
import { endedSessionCookie, readSessionCookie, sessionCookie } from "../http/session-cookie.ts"
import type { Services } from "../runtime/runtime.ts"
import type { ErrorReporter } from "./api-error.ts"
import { preferredLocale } from "./preferred-locale.ts"
import type { StreamRegistry } from "./stream-registry.ts"

/** What is the same for all requests. */
export interface ApiParts {
  readonly services: Services
  readonly streams: StreamRegistry
  readonly errors: ErrorReporter
  readonly locale: Locale
  /** As clients see this server, where the configuration says so. */
  readonly publicUrl: URL | undefined
  /** Whether a Host is a name of ours. */
  readonly isOwnName: OwnNames
  /** Aborted when the listener closes. */
  readonly closing: AbortSignal
}

/** One request, as procedures and routes see it. */
export interface ApiContext extends Pick<ApiParts, "services" | "streams" | "errors" | "closing"> {
  readonly locale: Locale
  readonly client: Client
  readonly origin: RequestOrigin
  /** By what the request shows who it is for: browsers send cookies and passwords (HTTP Basic) by themselves, bearers are sent on purpose. */
  readonly shows: "bearer" | "password" | "cookie" | "nothing"
  /** Asked once; `password`: name and password count too. @throws ServiceError `too_many`, `login_refused` for a wrong password. */
  identify(accepts?: { readonly password: boolean }): Promise<Actor | undefined>
  /** For links in answers: as the client sees this server. */
  readonly baseUrl: string
  logIn(sessionId: string): void
  logOut(): void
}

/** Reads who asks from a request; nothing is looked up before somebody wants to know. */
export function createContext(
  parts: ApiParts,
  client: Client,
  target: RequestTarget,
  request: IncomingMessage,
  response: ServerResponse,
): ApiContext {
  const { services, publicUrl } = parts
  const https = client.https || publicUrl?.protocol === "https:"
  const login = basicOf(request.headers.authorization)
  const bearer = bearerOf(request.headers.authorization) ?? ticketOf(target)
  const sessionId = readSessionCookie(request.headers.cookie, https)
  let found: Promise<Actor | undefined> | undefined
  const identify = async (password: boolean): Promise<Actor | undefined> => {
    if (password && login !== undefined) return services.accounts.byPassword(login.name, login.password, client)
    if (bearer !== undefined) return services.accounts.byBearer(bearer, client.address)
    return sessionId === undefined ? undefined : services.accounts.bySession(sessionId, client.address)
  }
  return {
    services,
    streams: parts.streams,
    errors: parts.errors,
    closing: parts.closing,
    locale: preferredLocale(request.headers["accept-language"], parts.locale),
    client,
    origin: originOf(request.headers, [parts.isOwnName(client) ? client.host : undefined, publicUrl?.host]),
    shows: login !== undefined ? "password" : bearer !== undefined ? "bearer" : sessionId !== undefined ? "cookie" : "nothing",
    identify: ({ password } = { password: false }) => {
      found ??= identify(password)
      return found
    },
    baseUrl: publicUrl?.origin ?? `${client.https ? "https" : "http"}://${client.host ?? "localhost"}`,
    logIn: (id) => void response.setHeader("set-cookie", sessionCookie(id, https)),
    logOut: () => void response.setHeader("set-cookie", endedSessionCookie(https)),
  }
}

/** What an EventSource, which sends no headers, shows in its address. Addresses end up in logs: a key in one is not taken. */
function ticketOf({ query }: RequestTarget): string | undefined {
  const ticket = query.get("ticket")
  return ticket === null || ticket.startsWith("ept_") ? undefined : ticket
}

/** RFC 7617: the name ends at the first colon. */
function basicOf(header: string | undefined): { readonly name: string; readonly password: string } | undefined {
  const encoded = header === undefined ? undefined : /^basic +([A-Za-z0-9+/]+={0,2}) *$/i.exec(header.slice(0, 8192))?.[1]
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, "base64").toString()
  const colon = text.indexOf(":")
  return colon === -1 ? undefined : { name: text.slice(0, colon), password: text.slice(colon + 1) }
}

/** An Authorization header that is no bearer is a wrong one, not none. */
function bearerOf(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  return /^bearer +(\S+) *$/i.exec(header.slice(0, 8192))?.[1] ?? ""
}
