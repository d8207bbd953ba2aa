/** One server-sent event. */
export interface ServerSentEvent {
  readonly id: number | undefined
  readonly type: string
  readonly data: string
}

/** What has come over one stream. */
export interface EventReader {
  readonly events: readonly ServerSentEvent[]
  /** Every byte, as text. */
  text(): string
  /** Resolves when the stream ends as it should, rejects when it breaks off. */
  readonly ended: Promise<void>
  /** Resolves with the first event that fits, among those that came and those that come. @throws Error when the stream ends without one. */
  until(fits: (event: ServerSentEvent) => boolean): Promise<ServerSentEvent>
}

/** Follows the events at `url`; `lastEventId` goes on behind that one. @throws Error unless it is answered 200. */
export async function readEvents(
  url: string,
  headers: Readonly<Record<string, string>>,
  lastEventId?: number,
): Promise<EventReader> {
  const response = await fetch(url, {
    headers: {
      ...headers,
      accept: "text/event-stream",
      ...(lastEventId === undefined ? {} : { "last-event-id": String(lastEventId) }),
    },
  })
  if (response.status !== 200 || response.body === null)
    throw new Error(`${url} was answered ${response.status}: ${await response.text()}`)
  const events: ServerSentEvent[] = []
  let whole = ""
  let rest = ""
  let over = false
  const waiting = new Set<() => void>()
  const wake = () => {
    for (const each of [...waiting]) each()
  }
  const decoder = new TextDecoder()
  const { body } = response
  const read = async () => {
    try {
      for await (const piece of body) {
        const text = decoder.decode(piece, { stream: true })
        whole += text
        const blocks = (rest + text).split("\n\n")
        rest = blocks.pop() ?? ""
        events.push(...blocks.flatMap((block) => parse(block) ?? []))
        wake()
      }
    } finally {
      over = true
      wake()
    }
  }
  const ended = read()
  ended.catch(() => undefined)
  return {
    events,
    text: () => whole,
    ended,
    async until(fits) {
      for (;;) {
        const found = events.find(fits)
        if (found) return found
        if (over) throw new Error(`the stream ended without it:\n${whole}`)
        await new Promise<void>((resolve) => {
          const once = () => {
            waiting.delete(once)
            resolve()
          }
          waiting.add(once)
        })
      }
    },
  }
}

/** Undefined for a comment. */
function parse(block: string): ServerSentEvent | undefined {
  const fields = new Map(block.split("\n").map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 2)]))
  const data = fields.get("data")
  if (data === undefined) return undefined
  const id = fields.get("id")
  return { id: id ? Number(id) : undefined, type: fields.get("event") ?? "message", data }
}
