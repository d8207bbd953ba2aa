import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"

/** What a test server was asked. */
export interface Asked {
  readonly method: string
  /** Path with its query. */
  readonly path: string
  readonly headers: IncomingMessage["headers"]
  readonly body: string
}

export interface LoopbackServer extends AsyncDisposable {
  /** `127.0.0.1:port` */
  readonly host: string
  readonly url: string
  readonly asked: readonly Asked[]
}

export type Handler = (asked: Asked, response: ServerResponse) => void

/** For tests: a plain HTTP server on a free loopback port that answers by `handler` and remembers what it was asked. */
export async function loopbackServer(handler: Handler): Promise<LoopbackServer> {
  const asked: Asked[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const one = {
      method: request.method ?? "",
      path: request.url ?? "",
      headers: request.headers,
      body: Buffer.concat(chunks).toString(),
    }
    asked.push(one)
    handler(one, response)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as AddressInfo
  return {
    host: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
