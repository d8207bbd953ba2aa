import type { Actor } from "../accounts/actor.ts"
import { ServiceError } from "../errors/service-error.ts"
import type { EventStreamOptions } from "../http/event-stream.ts"
import { readJsonBody } from "../http/read-json-body.ts"
import { RequestError } from "../http/request-error.ts"
import { sendChunks } from "../http/send-chunks.ts"
import { type Exchange, signalOf } from "./exchange.ts"
import { type FrameCache, followJob } from "./follow-job.ts"
import type { RouteMatch } from "./match-route.ts"
import type { Reply, ServerView } from "./rest/route.ts"
import { checkRight } from "./right.ts"
import { rightOf } from "./rights.ts"
import { createCaller } from "./router.ts"
import { sendJson } from "./send-json.ts"
import { sequenceOf } from "./sequence-of.ts"
import { checkOrigin } from "./trpc.ts"

/** What a refusal offers where name and password are taken (RFC 7617). */
const challenges = ['Basic realm="entrepot", charset="UTF-8"', 'Bearer realm="entrepot"']

/** What routes are answered with. */
export interface RouteServer extends ServerView {
  readonly frames: FrameCache
  readonly stream: EventStreamOptions
}

/**
 * Carries out one plain route: its row in the table of rights first, then its body, then the procedures behind it.
 * @throws whatever the route or those before it refuse with.
 */
export async function dispatch({ route, key, parameters }: RouteMatch, exchange: Exchange, server: RouteServer): Promise<void> {
  const { target, context, request, response } = exchange
  const right = rightOf(key)
  const changes = request.method !== "GET" && request.method !== "HEAD"
  if (changes || route.media === "text/event-stream") checkOrigin(context)
  if (route.takesPassword) response.setHeader("www-authenticate", challenges)
  const actor = right?.who === "anyone" ? undefined : await context.identify({ password: route.takesPassword === true })
  checkRight(right, actor)
  if (route.takesPassword) response.removeHeader("www-authenticate")
  const signal = signalOf(exchange)
  const reply = await route.run({
    context,
    call: createCaller(context, { signal }),
    path: parameters,
    query: Object.fromEntries(target.query),
    body: await readJsonBody(request),
    server,
    signal,
  })
  if (response.destroyed) return
  if ("follow" in reply) return follow(reply.follow, actor, exchange, server)
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value)
  if ("chunks" in reply) await stream(reply, actor, exchange, server)
  else if ("raw" in reply) response.writeHead(reply.status ?? 200).end(reply.raw)
  else sendJson(response, reply.status ?? 200, reply.body)
}

async function follow(id: number, actor: Actor | undefined, exchange: Exchange, server: RouteServer): Promise<void> {
  const { target, context, request, response } = exchange
  if (actor === undefined) throw new ServiceError("unauthenticated", "this needs a login")
  if (actor.via === "ticket" && actor.jobId !== id) throw new ServiceError("not_found", "the ticket is for another job")
  if (request.method === "HEAD") {
    await context.services.jobs.get(actor, id)
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" }).end()
    return
  }
  const header = request.headers["last-event-id"]
  const last = sequenceOf(typeof header === "string" ? header : undefined) ?? sequenceOf(target.query.get("after") ?? undefined)
  await followJob(context, actor, { id, after: last ?? 0 }, response, server.frames, server.stream)
}

/** Takes one of the places for streams: who made it may be logged out before its end. Errors before the first byte are thrown. */
async function stream(
  { status = 200, chunks }: Extract<Reply<unknown>, { readonly chunks: unknown }>,
  actor: Actor | undefined,
  exchange: Exchange,
  { stream: { drainMs } }: RouteServer,
): Promise<void> {
  const { context, request, response } = exchange
  if (actor === undefined) throw new ServiceError("unauthenticated", "this needs a login")
  if (request.method === "HEAD") {
    response.writeHead(status).end()
    return
  }
  const place = context.streams.enter(actor, signalOf(exchange))
  try {
    await sendChunks(response, status, chunks, { signal: place.signal, drainMs })
  } catch (error) {
    if (!response.headersSent) throw error
    context.errors.describe(error)
  } finally {
    place.leave()
  }
}

/** @throws RequestError `method_not_allowed`. */
export function refuseMethod(allow: readonly string[]): never {
  throw new RequestError("method_not_allowed", `this path has ${allow.join(", ")}`, { allow })
}
