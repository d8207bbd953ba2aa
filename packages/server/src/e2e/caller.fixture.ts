/** What a request was answered with, whole. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Parsed; throws where it is no JSON. */
  json(): unknown
}

/** Somebody who speaks to a server over HTTP, with a cookie or a key, and keeps every answer. */
export class Caller {
  readonly url: string
  /** Head and body of every answer, in the order in which they came. */
  readonly answers: string[] = []
  /** `name=value` of the session. */
  cookie: string | undefined
  key: string | undefined

  constructor(url: string, credentials: { readonly cookie?: string; readonly key?: string } = {}) {
    this.url = url
    this.cookie = credentials.cookie
    this.key = credentials.key
  }

  /** `body` is sent as JSON. */
  async ask(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      redirect: "manual",
      headers: { ...this.headers(), ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    const cookie = response.headers.getSetCookie()[0]?.split(";")[0]
    if (cookie !== undefined) this.cookie = cookie.endsWith("=") ? undefined : cookie
    const head = [...response.headers].map(([name, value]) => `${name}: ${value}`).join("\n")
    this.answers.push(`${method} ${path} ${response.status}\n${head}\n\n${text}`)
    return { status: response.status, headers: response.headers, text, json: () => JSON.parse(text) as unknown }
  }

  /** The result of a procedure. @throws Error with the answer when it is refused. */
  async call<Result>(kind: "query" | "mutation", procedure: string, input?: unknown): Promise<Result> {
    const path = `/api/trpc/${procedure}`
    const answer =
      kind === "mutation"
        ? await this.ask("POST", path, input ?? {})
        : await this.ask("GET", input === undefined ? path : `${path}?input=${encodeURIComponent(JSON.stringify(input))}`)
    if (answer.status !== 200) throw new Error(`${procedure} was answered ${answer.status}: ${answer.text}`)
    return (answer.json() as { result: { data: Result } }).result.data
  }

  /** What a request of this caller carries: with a cookie also what a browser would say of where it comes from. */
  headers(): Record<string, string> {
    return {
      ...(this.cookie === undefined ? {} : { cookie: this.cookie, origin: this.url }),
      ...(this.key === undefined ? {} : { authorization: `Bearer ${this.key}` }),
    }
  }
}

/** Logs in to a new server with its default token, and changes that to `token`. */
export async function claimServer(url: string, token: string, defaultToken = "docker-transformer"): Promise<Caller> {
  const caller = new Caller(url)
  for (const [path, given] of [
    ["/api/auth/login", defaultToken],
    ["/api/auth/token", token],
  ] as const) {
    const answer = await caller.ask("POST", path, { token: given })
    if (answer.status !== 200) throw new Error(`${path} was answered ${answer.status}: ${answer.text}`)
  }
  return caller
}

/** A key of this caller with these scopes. */
export async function createKey(caller: Caller, name: string, scopes: readonly string[]): Promise<string> {
  return (await caller.call<{ secret: string }>("mutation", "accounts.keys.create", { name, scopes })).secret
}
