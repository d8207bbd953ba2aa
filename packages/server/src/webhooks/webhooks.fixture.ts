import { randomBytes } from "node:crypto"
import { createServer, type IncomingHttpHeaders } from "node:http"
import { listenOnLoopback } from "@entrepot/testing"
import { openTestStores, type TestStores } from "../accounts/accounts.fixture.ts"
import { type OpenWebhooks, type OpenWebhooksOptions, openWebhooks } from "./open-webhooks.ts"

/** A message as it arrived. */
export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** What the receiver says to a message. */
export interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** Somebody who is told, on a port of this machine. */
export interface Receiver extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly origin: string
  readonly received: readonly Received[]
  /** Returns when so many have arrived. */
  arrived(count: number): Promise<void>
}

/** Answers each message with the next reply, and all further ones with the last; a promise holds the answer back. */
export async function receiver(...replies: readonly (Reply | Promise<Reply>)[]): Promise<Receiver> {
  const received: Received[] = []
  const waiting: { readonly count: number; resolve(): void }[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on("data", (chunk: Buffer) => chunks.push(chunk))
    request.once("end", async () => {
      const next = replies[Math.min(received.length, replies.length - 1)] ?? {}
      received.push({ path: request.url ?? "", headers: request.headers, body: Buffer.concat(chunks).toString() })
      for (const each of waiting) if (received.length >= each.count) each.resolve()
      const { status = 200, headers = {}, body = "" } = await next
      response.writeHead(status, headers).end(body)
    })
  })
  const listening = await listenOnLoopback(server)
  return {
    origin: listening.origin,
    received,
    arrived: (count) =>
      new Promise((resolve) => {
        if (received.length >= count) resolve()
        else waiting.push({ count, resolve })
      }),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await listening.close()
    },
  }
}

export interface TestWebhooks extends TestStores {
  readonly webhooks: OpenWebhooks
  readonly service: OpenWebhooks["service"]
  /** Milliseconds since 1970; tests move it. */
  readonly clock: { now: number }
  readonly masterKeys: readonly Uint8Array[]
  /** Another process on the same database, which has begun to send. */
  another(options?: Partial<OpenWebhooksOptions>): OpenWebhooks
}

/** Webhooks over a database file of their own and a clock that stands; what is due is sent from the start. */
export async function openTestWebhooks(
  options: Partial<OpenWebhooksOptions> & { readonly masterKeys?: readonly Uint8Array[]; readonly publicUrl?: string } = {},
): Promise<TestWebhooks> {
  const base = await openTestStores()
  const clock = { now: Date.parse("2026-11-21T12:00:00Z") }
  const { masterKeys = [randomBytes(32)], publicUrl, ...others } = options
  const accounts = { defaultToken: "", setupCode: undefined, serverSecrets: [], masterKeys }
  const configuration = { accounts, hosts: {}, locale: "en" as const, publicUrl }
  const opened: OpenWebhooks[] = []
  const another = (more: Partial<OpenWebhooksOptions> = {}) => {
    const webhooks = openWebhooks({
      ...{ configuration, database: base.stores, proxies: {}, denied: [], log: base.log, now: () => clock.now },
      ...others,
      ...more,
    })
    webhooks.start()
    opened.push(webhooks)
    return webhooks
  }
  const webhooks = another()
  return {
    ...base,
    ...{ webhooks, service: webhooks.service, clock, masterKeys, another },
    [Symbol.asyncDispose]: async () => {
      for (const each of opened) await each.stop(0)
      await base[Symbol.asyncDispose]()
    },
  }
}
