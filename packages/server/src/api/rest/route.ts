import type { Text } from "@entrepot/core"
import type { z } from "zod"
import { ServiceError } from "../../errors/service-error.ts"
import type { MetricsPage } from "../../metrics/open-metrics.ts"
import { describeIssues } from "../api-error.ts"
import type { ApiContext } from "../context.ts"
import type { Caller } from "../router.ts"

export type Method = "GET" | "POST" | "PUT" | "DELETE"
export type RouteKey = `${Method} /${string}`

/** What routes need of the server around them. */
export interface ServerView {
  /** OpenAPI 3.1, made once. */
  document(): unknown
  /** The page to read and try the interface; `nonce` is what its policy lets run. */
  page(nonce: string): string
  /** New work is taken. */
  readonly accepting: boolean
  /** @throws when the database does not answer. */
  ping(): Promise<void>
  /** What Prometheus is told. */
  metrics(): Promise<MetricsPage>
}

/** One request to a route, checked against its schemas. */
interface RouteCall<Path, Query, Body> {
  readonly context: ApiContext
  /** The procedures, on behalf of whoever asks. */
  readonly call: Caller
  readonly path: Path
  readonly query: Query
  readonly body: Body
  readonly server: ServerView
  /** Aborted when the client has left or the server closes. */
  readonly signal: AbortSignal
}

/** What a route answers: JSON, text of its own, text that is made while it is sent, or the events of that job. */
export type Reply<Answer> =
  | { readonly status?: number; readonly body: Answer; readonly headers?: Readonly<Record<string, string>> }
  | { readonly status?: number; readonly raw: string; readonly headers: Readonly<Record<string, string>> }
  | {
      readonly status?: number
      readonly chunks: AsyncIterable<string>
      readonly headers: Readonly<Record<string, string>>
    }
  | { readonly follow: number }

type Shape = z.ZodObject | undefined
type Out<S> = S extends z.ZodType ? z.output<S> : undefined

interface Description<Path extends Shape, Query extends Shape, Body extends z.ZodType | undefined, Answer extends z.ZodType> {
  readonly tag: "accounts" | "mirror" | "jobs" | "projects" | "targets" | "registry" | "webhooks" | "server"
  readonly summary: Text
  readonly path?: Path
  readonly query?: Query
  readonly body?: Body
  /** Also what is checked before it is sent: nothing goes out that is not declared. */
  readonly answer: Answer
  /** Of the answer when all goes well; 200 when absent. */
  readonly statuses?: readonly number[]
  /** `text/event-stream` or a page instead of JSON. */
  readonly media?: string
  /** Also name and password (HTTP Basic), as seed 3 does. */
  readonly takesPassword?: true
}

type Handle<Path extends Shape, Query extends Shape, Body extends z.ZodType | undefined, Answer extends z.ZodType> = (
  call: RouteCall<Out<Path>, Out<Query>, Out<Body>>,
) => Promise<Reply<z.input<Answer>>>

/** A route with its types left behind, so that all of them fit one table. */
export interface Route extends Description<z.ZodObject, z.ZodObject, z.ZodType, z.ZodType> {
  run(input: RouteInput): Promise<Reply<unknown>>
}

interface RouteInput extends Omit<RouteCall<unknown, unknown, unknown>, "path" | "query" | "body"> {
  readonly path: Readonly<Record<string, string>>
  readonly query: Readonly<Record<string, string>>
  readonly body: unknown
}

/** The first half of a route: what it takes and answers. The second half is who does it, with the types of the first. */
export function describeRoute<
  Answer extends z.ZodType,
  Path extends Shape = undefined,
  Query extends Shape = undefined,
  Body extends z.ZodType | undefined = undefined,
>(description: Description<Path, Query, Body, Answer>): { handledBy(handle: Handle<Path, Query, Body, Answer>): Route } {
  const { path, query, body, answer, ...described } = description
  return {
    handledBy: (handle) => ({
      ...described,
      ...(path === undefined ? {} : { path }),
      ...(query === undefined ? {} : { query }),
      ...(body === undefined ? {} : { body }),
      answer,
      run: async (input) => {
        const reply = await handle({
          ...input,
          path: parsePart("path", path, input.path) as Out<Path>,
          query: parsePart("query", query, input.query) as Out<Query>,
          body: parsePart("body", body, input.body) as Out<Body>,
        })
        return "body" in reply ? { ...reply, body: answer.parse(reply.body) } : reply
      },
    }),
  }
}

/** @throws ServiceError `not_found` for a path that no such thing can have, `invalid` with the fields that do not fit. */
function parsePart(part: "path" | "query" | "body", schema: z.ZodType | undefined, value: unknown): unknown {
  if (schema === undefined) return undefined
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  if (part === "path") throw new ServiceError("not_found", "there is nothing at this path")
  throw new ServiceError("invalid", describeIssues(parsed.error))
}
