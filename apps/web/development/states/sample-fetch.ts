import { Refusal, type SampleAnswers, unanswered } from "./sample-answers.ts"

/** A fetch for the typed client that answers from samples, and reaches no server. */
export function sampleFetch(answers: SampleAnswers): typeof globalThis.fetch {
  const answerOf = (path: string): unknown =>
    path in answers
      ? answers[path as keyof SampleAnswers]
      : new Refusal("invalid", 400, { zh: `示例中没有 ${path}`, en: `There is no sample of ${path}` })
  return (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input, location.origin)
    const paths = decodeURIComponent(url.pathname.slice(url.pathname.indexOf("/api/trpc/") + "/api/trpc/".length)).split(",")
    const given = paths.map(answerOf)
    if (given.includes(unanswered)) return untilAborted(init?.signal)
    const [first] = given
    if (paths[0]?.includes(".follow") && !(first instanceof Refusal)) return Promise.resolve(openStream(first))
    return Promise.resolve(Response.json(given.map(bodyOf), { status: statusOf(given) }))
  }
}

function bodyOf(answer: unknown): object {
  if (!(answer instanceof Refusal)) return { result: { data: answer } }
  const { code, httpStatus, sentence, more } = answer
  return {
    error: {
      message: sentence.en,
      code: -32_000,
      data: { kind: "service", code, httpStatus, sentence, message: sentence.en, ...more },
    },
  }
}

function statusOf(answers: readonly unknown[]): number {
  const refused = answers.find((answer) => answer instanceof Refusal)
  return refused === undefined ? 200 : answers.length === 1 ? refused.httpStatus : 207
}

function untilAborted(signal: AbortSignal | null | undefined): Promise<never> {
  return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)))
}

/** Server-sent events as tRPC writes them; the stream stays open, as that of a job that runs. */
function openStream(events: unknown): Response {
  const frames = ["event: connected\ndata: {}\n\n"]
  if (Array.isArray(events)) {
    for (const [index, event] of events.entries())
      frames.push(`data: ${JSON.stringify(event)}\nid: ${event.sequence ?? event.revision ?? event.lastId ?? index}\n\n`)
  }
  const body = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode(frames.join(""))) })
  return new Response(body, { headers: { "content-type": "text/event-stream" } })
}
