import { request as ask, createServer } from "node:http"
import type { FollowedEvent } from "@entrepot/client"
import { listenOnLoopback } from "@entrepot/testing"

/** A way to a site on which one job tells of itself what it is told to. */
export interface Replay extends AsyncDisposable {
  readonly origin: string
  /** How many events it has told so far, and at which rate. */
  readonly told: number
  readonly perSecond: number
}

/** Passes everything on to a site, but answers whoever follows a job with these events, so many a second. */
export async function replay(site: string, events: readonly FollowedEvent[], perSecond: number): Promise<Replay> {
  let told = 0
  let seconds = 0
  const server = createServer((incoming, outgoing) => {
    if (incoming.url?.startsWith("/api/trpc/jobs.follow?")) {
      outgoing.writeHead(200, { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-store" })
      outgoing.write("event: connected\ndata: {}\n\n")
      const began = performance.now()
      const timer = setInterval(() => {
        // A timer that comes late tells what it owes: the rate holds on a busy machine too.
        seconds = (performance.now() - began) / 1000
        const due = Math.min(events.length, Math.floor(seconds * perSecond))
        for (; told < due; told++) outgoing.write(frameOf(events[told]))
        if (told < events.length) return
        clearInterval(timer)
        outgoing.end("event: return\ndata: \n\n")
      }, 1000 / perSecond)
      outgoing.once("close", () => clearInterval(timer))
      return
    }
    const onward = ask(new URL(incoming.url ?? "/", site), { method: incoming.method, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on("error", () => outgoing.destroy())
    outgoing.once("close", () => onward.destroy())
    incoming.pipe(onward)
  })
  const { origin, close } = await listenOnLoopback(server)
  return {
    origin,
    get told() {
      return told
    },
    get perSecond() {
      return told / seconds
    },
    [Symbol.asyncDispose]: close,
  }
}

/** As tRPC writes it: what has a number can be gone on from. */
function frameOf(event: FollowedEvent | undefined): string {
  const id = event?.sequence === undefined ? "" : `id: ${event.sequence}\n`
  return `data: ${JSON.stringify(event)}\n${id}\n`
}
