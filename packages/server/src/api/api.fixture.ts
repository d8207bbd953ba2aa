import { request as httpRequest, type IncomingHttpHeaders, type Server } from "node:http"
import { listenOnLoopback } from "@entrepot/testing"
import { onTestFinished } from "vitest"
import type { Actor } from "../accounts/actor.ts"
import type { Configuration } from "../configuration/configuration.ts"
import { createHttpServer, type HttpCaps } from "../http/create-http-server.ts"
import { createListener, type Listener, type ListenerOptions } from "../http/create-listener.ts"
import { testConfiguration, testDirectory, testRuntime } from "../runtime/runtime.fixture.ts"
import type { Log, Runtime } from "../runtime/runtime.ts"

export interface Answered {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  /** The body as it came, compressed or not. */
  readonly bytes: Buffer
  /** The body, where it is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape
  readonly json: any
}

export interface Asking {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** A session, as `login` returns it, sent as a page of ours would. */
  readonly as?: Session | undefined
  /** An API key or ticket. */
  readonly bearer?: string
  readonly localAddress?: string
}

/** A cookie: `entrepot_session=…`. */
export type Session = string

export interface TestApi {
  readonly runtime: Runtime
  readonly server: Server
  readonly listener: Listener
  readonly origin: string
  readonly host: string
  readonly port: number
  /** What was logged as an error. */
  readonly errors: readonly { readonly fields: Readonly<Record<string, unknown>>; readonly message: string }[]
  ask(line: string, asking?: Asking): Promise<Answered>
  /** The session of the first user, with a token of its own. */
  admin(): Promise<Session>
  /** The session of a new user. */
  user(role: "operator" | "viewer" | "admin", name?: string): Promise<Session>
  actorOf(session: Session): Promise<Actor>
}

export interface TestApiOptions {
  readonly configuration?: Partial<Configuration>
  readonly stream?: ListenerOptions["stream"]
  readonly caps?: HttpCaps
  /** What stands in front of the listener, or behind it. */
  readonly services?: (runtime: Runtime) => Runtime["services"]
}

export const newToken = "a-token-of-our-own-0123456789"
const password = "correct horse battery staple"

/** The application's interfaces on a port of this machine, over services and a database of their own. */
export async function testApi(options: TestApiOptions = {}): Promise<TestApi> {
  const configuration = { ...testConfiguration(await testDirectory()), locale: "zh" as const, ...options.configuration }
  const errors: { fields: Readonly<Record<string, unknown>>; message: string }[] = []
  const log: Log = { debug() {}, info() {}, warn() {}, error: (fields, message) => void errors.push({ fields, message }) }
  const runtime = await testRuntime(configuration, { log, accounts: { cost: { n: 16, r: 1, p: 1 } } })
  const services = options.services?.(runtime) ?? runtime.services
  const listener = createListener({
    services,
    configuration,
    log,
    runtime,
    ...(options.stream ? { stream: options.stream } : {}),
  })
  const server = createHttpServer((request, response) => {
    if (!listener.handle(request, response)) response.writeHead(418).end("a page")
  }, options.caps)
  const listening = await listenOnLoopback(server)
  onTestFinished(async () => {
    await listener.close()
    await listening.close()
  })
  const { origin, host, port } = listening
  const ask = (line: string, asking: Asking = {}) => askServer(origin, line, asking)
  let admin: Promise<Session> | undefined
  const claim = async (): Promise<Session> => {
    const first = await ask("POST /api/auth/login", { body: { token: "docker-transformer" } })
    return sessionOf(await ask("POST /api/auth/token", { body: { token: newToken }, as: sessionOf(first) }))
  }
  const api: TestApi = {
    runtime,
    server,
    listener,
    origin,
    host,
    port,
    errors,
    ask,
    admin: () => {
      admin ??= claim()
      return admin
    },
    user: async (role, name = role) => {
      const actor = await api.actorOf(await api.admin())
      await runtime.services.accounts.createUser(actor, { name, password, role })
      return sessionOf(await ask("POST /api/auth/login", { body: { username: name, password } }))
    },
    actorOf: async (session) => {
      const actor = await runtime.services.accounts.bySession(session.slice(session.indexOf("=") + 1), "127.0.0.1")
      if (actor === undefined) throw new Error("the session is over")
      return actor
    },
  }
  return api
}

export function sessionOf(answer: Answered): Session {
  const cookie = answer.headers["set-cookie"]?.[0]?.split(";")[0]
  if (cookie === undefined) throw new Error(`no session: ${answer.status} ${answer.text}`)
  return cookie
}

/** `GET /path` exactly as written: nothing is put straight on the way. */
export function askServer(origin: string, line: string, asking: Asking = {}): Promise<Answered> {
  const [method = "GET", ...rest] = line.split(" ")
  const path = rest.join(" ")
  const { hostname, port } = new URL(origin)
  const payload = asking.body === undefined ? undefined : JSON.stringify(asking.body)
  return new Promise((resolve, reject) => {
    const request = httpRequest({
      method,
      path,
      host: hostname,
      port,
      agent: false,
      ...(asking.localAddress === undefined ? {} : { localAddress: asking.localAddress }),
      headers: {
        ...(payload === undefined ? {} : { "content-type": "application/json", "content-length": Buffer.byteLength(payload) }),
        ...(asking.as === undefined ? {} : { cookie: asking.as, origin }),
        ...(asking.bearer === undefined ? {} : { authorization: `Bearer ${asking.bearer}` }),
        ...asking.headers,
      },
    })
    request.once("error", reject)
    request.once("response", (response) => {
      const chunks: Buffer[] = []
      response.on("data", (chunk: Buffer) => chunks.push(chunk))
      response.once("error", reject)
      response.once("end", () => {
        const bytes = Buffer.concat(chunks)
        const text = bytes.toString()
        const { "content-type": type = "", "content-encoding": coding } = response.headers
        const isJson = type.startsWith("application/json") && coding === undefined && text !== ""
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          bytes,
          json: isJson ? JSON.parse(text) : undefined,
        })
      })
    })
    request.end(payload)
  })
}
