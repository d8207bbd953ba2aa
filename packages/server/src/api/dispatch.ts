import type { IncomingMessage, ServerResponse } from "node:http"
import type { Actor } from "../accounts/actor.ts"
import { ServiceError } from "../errors/service-error.ts"
import type { EventStreamOptions } from "../http/event-stream.ts"
import { readJsonBody } from "../http/read-json-body.ts"
import { RequestError } from "../http/request-error.ts"
import type { RequestTarget } from "../http/request-path.ts"
import type { ApiContext } from "./context.ts"
import { type FrameCache, followJob } from "./follow-job.ts"
import type { RouteMatch } from "./match-route.ts"
import type { ServerView } from "./rest/route.ts"
import { checkRight } from "./right.ts"
import { rightOf } from "./rights.ts"
import { createCaller } from "./router.ts"
import { sendJson } from "./send-json.ts"
import { sequenceOf } from "./sequence-of.ts"
import { checkOrigin } from "./trpc.ts"

export interface RouteServer extends ServerView {
  readonly frames: FrameCache
  readonly stream: EventStreamOptions
}

/**
 * Carries out one plain route: its row in the table of rights first, then its body, then the procedures behind it.
 * @throws whatever the route or those before it refuse with.
 */
export async function dispatch(
  match: RouteMatch,
  target: RequestTarget,
  context: ApiContext,
  server: RouteServer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { route, key } = match
  const right = rightOf(key)
  const streams = route.media === "text/event-stream"
  if (request.method !== "GET" && request.method !== "HEAD") checkOrigin(context)
  else if (streams) checkOrigin(context)
  const actor = right?.who === "anyone" ? undefined : await context.identify()
  checkRight(right, actor)
  const left = new AbortController()
  response.once("close", () => left.abort())
  const reply = await route.run({
    context,
    call: createCaller(context),
    path: match.parameters,
    query: Object.fromEntries(target.query),
    body: await readJsonBody(request),
    server,
    signal: AbortSignal.any([left.signal, context.closing]),
  })
  if (left.signal.aborted) return
  if ("follow" in reply) return follow(reply.follow, target, context, actor, server, request, response)
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value)
  if ("raw" in reply) response.writeHead(reply.status ?? 200).end(reply.raw)
  else sendJson(response, reply.status ?? 200, reply.body)
}

async function follow(
  id: number,
  target: RequestTarget,
  context: ApiContext,
  actor: Actor | undefined,
  server: RouteServer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (actor === undefined) throw new ServiceError("unauthenticated", "this needs a login")
  if (actor.via === "ticket" && actor.jobId !== id) throw new ServiceError("not_found", "the ticket is for another job")
  if (request.method === "HEAD") {
    await context.services.jobs.get(actor, id)
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" }).end()
    return
  }
  const header = request.headers["last-event-id"]
  const after = sequenceOf(typeof header === "string" ? header : undefined) ?? sequenceOf(target.query.get("after") ?? undefined)
  await followJob(context, actor, { id, after: after ?? 0 }, response, server.frames, server.stream)
}

/** @throws RequestError `method_not_allowed`. */
export function refuseMethod(allow: readonly string[]): never {
  throw new RequestError("method_not_allowed", `this path has ${allow.join(", ")}`, { allow })
}
