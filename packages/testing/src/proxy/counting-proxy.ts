import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http"
import { pipeline } from "node:stream/promises"
import { listenOnLoopback } from "../listen.ts"
import { matches, routeOf } from "../registry/route.ts"

export interface CountedRequest {
  readonly method: string
  readonly path: string
  status: number
  /** Body bytes from and to the client. */
  bytesIn: number
  bytesOut: number
}

/** An HTTP proxy in front of a real registry that counts what is asked of it and changes nothing. */
export interface CountingProxy extends AsyncDisposable {
  /** `127.0.0.1:12345`, to be used as the registry's name. */
  readonly host: string
  readonly port: number
  readonly origin: string
  readonly requests: readonly CountedRequest[]
  /** How many requests fit a matcher such as "GET blob" or "* manifest". */
  count(matcher: string): number
  bytesIn(matcher?: string): number
  bytesOut(matcher?: string): number
  clear(): void
}

/** Puts a counter before a registry that speaks plain HTTP (`127.0.0.1:5000`); one built after the Host header answers with the proxy's name. */
export async function countingProxy(target: string): Promise<CountingProxy> {
  const requests: CountedRequest[] = []
  const agent = new Agent({ keepAlive: true })
  const server = createServer((incoming, outgoing) => {
    const counted = { method: incoming.method ?? "GET", path: incoming.url ?? "/", status: 0, bytesIn: 0, bytesOut: 0 }
    requests.push(counted)
    forward(target, agent, incoming, outgoing, counted).catch(() => outgoing.destroy())
  })
  server.requestTimeout = 0
  const { host, port, origin, close } = await listenOnLoopback(server)
  const matching = (matcher: string) =>
    requests.filter((each) => matches(matcher, each.method, routeOf(new URL(each.path, "http://x").pathname).resource))
  return {
    host,
    port,
    origin,
    requests,
    count: (matcher) => matching(matcher).length,
    bytesIn: (matcher = "*") => matching(matcher).reduce((sum, each) => sum + each.bytesIn, 0),
    bytesOut: (matcher = "*") => matching(matcher).reduce((sum, each) => sum + each.bytesOut, 0),
    clear: () => {
      requests.length = 0
    },
    async [Symbol.asyncDispose]() {
      await close()
      agent.destroy()
    },
  }
}

async function forward(
  target: string,
  agent: Agent,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  counted: CountedRequest,
): Promise<void> {
  const onward = request(`http://${target}${incoming.url}`, { method: incoming.method, headers: incoming.headers, agent })
  const answered = new Promise<IncomingMessage>((resolve, reject) => {
    onward.once("response", resolve)
    onward.once("error", reject)
  })
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) onward.destroy()
  })
  incoming.on("data", (chunk: Buffer) => {
    counted.bytesIn += chunk.length
  })
  const [answer] = await Promise.all([answered, pipeline(incoming, onward)])
  counted.status = answer.statusCode ?? 0
  outgoing.writeHead(counted.status, answer.rawHeaders)
  answer.on("data", (chunk: Buffer) => {
    counted.bytesOut += chunk.length
  })
  await pipeline(answer, outgoing)
}
