import { connect } from "node:net"
import { performance } from "node:perf_hooks"
import { quantile } from "./app-table.ts"

/**
 * Run as a process of its own: follows event streams over bare sockets, and reads no more of them than the number and the time of each event, so that it
 * takes little from the two processors that the server needs. Told what to follow as JSON on stdin; prints a line `open` once every stream has begun,
 * and its findings as JSON when all have ended.
 */
export interface FollowTask {
  readonly port: number
  /** One stream each: path and `Name: value` header lines. */
  readonly streams: readonly { readonly path: string; readonly headers: readonly string[] }[]
}

/** Times in milliseconds between an event's own `at` and its arrival. */
export interface Findings {
  readonly streams: number
  readonly refused: readonly string[]
  readonly eventsEach: { readonly least: number; readonly most: number }
  readonly deliveries: number
  /** Numbers that were left out, or came twice. */
  readonly gaps: number
  readonly repeats: number
  readonly p50: number
  readonly p99: number
  readonly max: number
  readonly bytes: number
  /** Streams that ended without the job's end. */
  readonly cut: number
}

/** What all streams have shown so far. Events from before `since`, when the last stream had begun, come from the table and are not timed. */
const events = { delays: [] as number[], bytes: 0, gaps: 0, repeats: 0, since: Number.POSITIVE_INFINITY }

/** One socket. Resolves when it has ended, with how many numbered events came. */
function follow(task: FollowTask, at: number, opened: (refusal?: string) => void): Promise<{ count: number; ended: boolean }> {
  const { path, headers } = task.streams[at] ?? { path: "/", headers: [] }
  const socket = connect(task.port, "127.0.0.1")
  socket.setNoDelay(true)
  socket.setEncoding("latin1")
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${task.port}\r\nAccept: text/event-stream\r\n${headers.map((line) => `${line}\r\n`).join("")}\r\n`,
  )
  let text = ""
  let head = true
  let last = 0
  let count = 0
  let ended = false
  const take = (block: string, now: number) => {
    const sequence = Number(/(?:^|\n)id: (\d+)/.exec(block)?.[1] ?? Number.NaN)
    const stamp = block.indexOf('"at":')
    // Counters between events have no number; tRPC repeats the last one behind them, without data.
    if (Number.isNaN(sequence) || stamp < 0) return
    if (sequence <= last) events.repeats += 1
    else if (sequence !== last + 1) events.gaps += 1
    last = Math.max(last, sequence)
    count += 1
    const at = Number.parseInt(block.slice(stamp + 5, stamp + 20), 10)
    if (at >= events.since) events.delays.push(now - at)
    if (block.includes('"type":"state"') && block.includes('"state":"succeeded"')) ended = true
  }
  return new Promise((resolve) => {
    socket.on("data", (piece: string) => {
      const now = performance.timeOrigin + performance.now()
      events.bytes += piece.length
      text += piece
      if (head) {
        const end = text.indexOf("\r\n\r\n")
        if (end < 0) return
        head = false
        const status = text.slice(9, 12)
        opened(status === "200" ? undefined : `${status} ${text.slice(end + 4, end + 200)}`)
        if (status !== "200") socket.destroy()
        text = text.slice(end + 4)
      }
      for (;;) {
        const end = text.indexOf("\n\n")
        if (end < 0) break
        take(text.slice(0, end), now)
        text = text.slice(end + 2)
      }
      // Bare sockets do not see the end of a chunked answer, and a kept connection does not close.
      if (text.includes("\r\n0\r\n\r\n") || text.startsWith("0\r\n\r\n")) socket.destroy()
    })
    socket.on("error", () => undefined)
    socket.on("close", () => resolve({ count, ended }))
  })
}

async function followAll(task: FollowTask): Promise<Findings> {
  const refused: string[] = []
  let waiting = task.streams.length
  const opened = (refusal?: string) => {
    if (refusal !== undefined) refused.push(refusal)
    waiting -= 1
    if (waiting > 0) return
    events.since = Date.now()
    process.stdout.write("open\n")
  }
  const all = await Promise.all(task.streams.map((_, at) => follow(task, at, opened)))
  const delays = events.delays.sort((a, b) => a - b)
  const counts = all.map(({ count }) => count)
  return {
    streams: task.streams.length,
    refused: [...new Set(refused)].slice(0, 3),
    eventsEach: { least: Math.min(...counts), most: Math.max(...counts) },
    deliveries: delays.length,
    gaps: events.gaps,
    repeats: events.repeats,
    p50: quantile(delays, 0.5),
    p99: quantile(delays, 0.99),
    max: delays.at(-1) ?? 0,
    bytes: events.bytes,
    cut: all.filter(({ ended }) => !ended).length,
  }
}

let given = ""
for await (const piece of process.stdin) given += String(piece)
process.stdout.write(`${JSON.stringify(await followAll(JSON.parse(given) as FollowTask))}\n`)
