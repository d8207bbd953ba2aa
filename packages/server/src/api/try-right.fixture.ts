import { request as httpRequest } from "node:http"
import type { Answered, Asking, TestApi } from "./api.fixture.ts"
import { type Belongings, procedureTrials, type RouteTrial, routeTrials, type Trial } from "./rights-trials.fixture.ts"
import { appRouter } from "./router.ts"

type Verdict = Pick<Answered, "status"> & { readonly code: string | undefined }

/** Calls a procedure as its trial says, and tells how that was answered. */
export async function tryProcedure(api: TestApi, path: string, mine: Belongings, asking: Asking): Promise<Verdict> {
  const trial: Trial = procedureTrials[path as keyof typeof procedureTrials]
  const input = trial.input?.(mine)
  const { type } = procedureOf(path)._def
  if (type === "mutation") {
    const { status, json } = await api.ask(`POST /api/trpc/${path}`, { ...asking, body: input ?? {} })
    return { status, code: json?.error?.data.code }
  }
  const query = input === undefined ? "" : `?input=${encodeURIComponent(JSON.stringify(input))}`
  const line = `/api/trpc/${path}${query}`
  if (type === "query") {
    const { status, json } = await api.ask(`GET ${line}`, asking)
    return { status, code: json?.error?.data.code }
  }
  const events = await firstEvents(api, line, asking, 2)
  const error = events.find(({ event }) => event === "serialized-error")
  if (error === undefined) return { status: 200, code: undefined }
  const { data } = JSON.parse(error.data)
  return { status: data.httpStatus, code: data.code }
}

/** Asks a route as its trial says. */
export async function tryRoute(api: TestApi, key: string, mine: Belongings, asking: Asking): Promise<Verdict> {
  const trial: RouteTrial = routeTrials[key as keyof typeof routeTrials]
  const values = [...(trial.path?.(mine) ?? [])]
  const line = key.replace(/\{\w+\}/g, () => String(values.shift()))
  const body = trial.input?.(mine)
  if (key.endsWith("/events")) {
    const answer = await firstAnswer(api, line.replace("GET ", ""), asking)
    return answer
  }
  const { status, json } = await api.ask(line, { ...asking, ...(body === undefined ? {} : { body }) })
  return { status, code: json?.error?.code.toLowerCase() }
}

export function procedureOf(path: string) {
  return appRouter._def.procedures[path as keyof typeof appRouter._def.procedures] as unknown as {
    readonly _def: { readonly type: "query" | "mutation" | "subscription" }
  }
}

interface SentEvent {
  readonly event: string
  readonly data: string
  readonly id: string | undefined
}

/** The first events of a stream; then the connection is given up. */
function firstEvents(api: TestApi, path: string, asking: Asking, count: number): Promise<readonly SentEvent[]> {
  return new Promise((resolve, reject) => {
    const request = streamRequest(api, path, asking)
    request.once("error", reject)
    request.once("response", (response) => {
      let text = ""
      const finish = () => {
        resolve(readEvents(text))
        request.destroy()
      }
      response.on("data", (chunk: Buffer) => {
        text += chunk.toString()
        if (readEvents(text).length >= count) finish()
      })
      response.once("end", finish)
      response.once("error", () => undefined)
    })
    request.end()
  })
}

function firstAnswer(api: TestApi, path: string, asking: Asking): Promise<Verdict> {
  return new Promise((resolve, reject) => {
    const request = streamRequest(api, path, asking)
    request.once("error", reject)
    request.once("response", (response) => {
      const status = response.statusCode ?? 0
      response.once("error", () => undefined)
      let text = ""
      response.on("data", (chunk: Buffer) => {
        text += chunk.toString()
      })
      response.once("end", () => resolve({ status, code: JSON.parse(text).error.code.toLowerCase() }))
      if (status !== 200) return
      resolve({ status, code: undefined })
      request.destroy()
    })
    request.end()
  })
}

export function streamRequest(api: TestApi, path: string, asking: Asking) {
  return httpRequest({
    host: "127.0.0.1",
    port: api.port,
    path,
    agent: false,
    headers: {
      accept: "text/event-stream",
      ...(asking.as === undefined ? {} : { cookie: asking.as, origin: api.origin }),
      ...(asking.bearer === undefined ? {} : { authorization: `Bearer ${asking.bearer}` }),
      ...asking.headers,
    },
  })
}

/** Whole events of a stream's text (HTML standard, "Parsing an event stream"). Comments are left out. */
export function readEvents(text: string): readonly SentEvent[] {
  return text
    .split("\n\n")
    .slice(0, -1)
    .map((block) => {
      const lines = block.split("\n").filter((line) => line !== "" && !line.startsWith(":"))
      const field = (name: string) => lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2)
      return { event: field("event") ?? "message", data: field("data") ?? "", id: field("id"), empty: lines.length === 0 }
    })
    .filter(({ empty }) => !empty)
    .map(({ empty: _, ...event }) => event)
}
