import type { IncomingHttpHeaders } from "node:http"
import { matches, type Route } from "./route.ts"

/** One request as the registry saw it. Secrets are left out of the headers. */
export interface LoggedRequest extends Route {
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  /** Port of the client: tells connections apart. */
  readonly clientPort: number
  /** 0 when no status was sent. */
  status: number
  /** Body bytes that were read and sent. */
  bytesIn: number
  bytesOut: number
  done: boolean
}

/** Everything that was asked, in order. */
export class RequestLog {
  readonly requests: LoggedRequest[] = []
  #running = 0
  #peak = 0

  begin(request: Omit<LoggedRequest, "status" | "bytesIn" | "bytesOut" | "done">): LoggedRequest {
    const logged: LoggedRequest = { ...request, status: 0, bytesIn: 0, bytesOut: 0, done: false }
    this.requests.push(logged)
    this.#running++
    this.#peak = Math.max(this.#peak, this.#running)
    return logged
  }

  end(request: LoggedRequest): void {
    if (request.done) return
    request.done = true
    this.#running--
  }

  /** How many requests were handled at once at most. */
  get peak(): number {
    return this.#peak
  }

  matching(matcher: string): LoggedRequest[] {
    return this.requests.filter((each) => matches(matcher, each.method, each.resource))
  }

  /** Body bytes that were read from the requests that fit. */
  bytesIn(matcher: string): number {
    return this.matching(matcher).reduce((sum, each) => sum + each.bytesIn, 0)
  }

  /** Body bytes that were sent to the requests that fit. */
  bytesOut(matcher: string): number {
    return this.matching(matcher).reduce((sum, each) => sum + each.bytesOut, 0)
  }

  clear(): void {
    this.requests.length = 0
    this.#peak = this.#running
  }
}

/** Headers as they may be shown: of credentials only the scheme. */
export function withoutSecrets(headers: IncomingHttpHeaders): Record<string, string> {
  const shown: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue
    const text = Array.isArray(value) ? value.join(", ") : value
    shown[name] =
      name === "authorization" || name === "proxy-authorization" || name === "cookie" ? `${text.split(" ")[0]} …` : text
  }
  return shown
}
