import type { IncomingMessage, ServerResponse } from "node:http"
import type { Admission } from "../access/gate.ts"
import type { ResolvedName } from "../proxy/resolved-name.ts"
import { TurnedAway } from "../proxy/turned-away.ts"
import { UpstreamFailure } from "../proxy/upstream-failure.ts"
import { RegistryError } from "../registry-error.ts"
import { admitToRepository } from "./admit-to-repository.ts"
import {
  endpoints,
  type GlobalEndpoint,
  type Method,
  methods,
  type RepositoryEndpoint,
  type RepositoryRouteKind,
} from "./endpoints.ts"
import { Exchange } from "./exchange.ts"
import type { RegistryParts } from "./registry-parts.ts"
import { ownerOf, pathOf } from "./registry-path.ts"
import { unchangeable } from "./repository-visit.ts"
import { parseRoute, type RouteKind, type RouteOf } from "./route.ts"
import { sendError } from "./send-error.ts"

/** Answers what is below /v2 and /v1, in every spelling. False: somebody else's, and nothing was touched. */
export type RegistryListener = (request: IncomingMessage, response: ServerResponse) => boolean

/**
 * The registry as a listener for plain Node HTTP. A request whose token, name and manifest are in memory is answered before the listener returns: no
 * promise is made that is not needed.
 */
export function createRegistryListener(parts: RegistryParts): RegistryListener {
  return (request, response) => {
    const owner = ownerOf(pathOf(request.url ?? ""))
    if (owner === "other") return false
    const exchange = new Exchange(parts, request, response)
    try {
      if (owner === "crooked") throw nothingHere()
      answer(exchange)?.catch((error: unknown) => fail(exchange, error))
    } catch (error) {
      fail(exchange, error)
    }
    return true
  }
}

/** Nothing that goes wrong with an answer may end the process. */
function fail(exchange: Exchange, thrown: unknown): void {
  try {
    sendError(exchange, thrown)
  } catch (error) {
    exchange.parts.log.error({ error, cause: thrown, path: exchange.path }, "a request to the registry could not be answered")
    exchange.response.destroy()
  }
}

type Answering = void | Promise<void>

function answer(exchange: Exchange): Answering {
  const route = parseRoute(exchange.path)
  if (route === undefined) throw nothingHere()
  if (!("name" in route)) {
    const endpoint: GlobalEndpoint | null = endpointOf(exchange, route.kind)
    return endpoint === null ? refuseMethod(exchange, route.kind) : answerGlobal(exchange, endpoint)
  }
  const endpoint: RepositoryEndpoint | null = endpointOf(exchange, route.kind)
  return endpoint === null ? refuseMethod(exchange, route.kind) : answerRepository(exchange, endpoint, route)
}

function endpointOf<Kind extends RouteKind>({ request }: Exchange, kind: Kind): (typeof endpoints)[Kind][Method] | null {
  const { method } = request
  return isMethod(method) ? endpoints[kind][method] : null
}

function isMethod(text: string | undefined): text is Method {
  return methods.some((method) => method === text)
}

function answerGlobal(exchange: Exchange, endpoint: GlobalEndpoint): Answering {
  exchange.action = endpoint.logged
  if (endpoint.right === "none") return endpoint.answer(exchange, undefined)
  const admission = exchange.parts.gate.admitBase(exchange, endpoint.right)
  if (admission instanceof Promise) return admission.then((late) => enter(exchange, endpoint, late))
  return enter(exchange, endpoint, admission)
}

function enter(exchange: Exchange, endpoint: GlobalEndpoint, admission: Admission): Answering {
  exchange.user = admission.subject.name
  return endpoint.answer(exchange, admission)
}

function answerRepository(exchange: Exchange, endpoint: RepositoryEndpoint, route: RouteOf<RepositoryRouteKind>): Answering {
  const { name, admission } = admitToRepository(exchange, endpoint, route)
  if (admission instanceof Promise) return admission.then((late) => visit(exchange, endpoint, route, name, late))
  return visit(exchange, endpoint, route, name, admission)
}

function visit(
  exchange: Exchange,
  endpoint: RepositoryEndpoint,
  route: RouteOf<RepositoryRouteKind>,
  name: ResolvedName,
  admission: Admission,
): Answering {
  exchange.user = admission.subject.name
  if (endpoint.right !== "pull" && name.kind === "proxied") throw unchangeable(name)
  const answering = endpoint.answer({ exchange, name, admission }, route)
  return answering?.catch((error: unknown) => offerLogin(exchange, endpoint, name, admission, error))
}

/**
 * Somebody whom an upstream turned away as a stranger may have a login there (seed 2, in open mode), and a token of the upstream's own that it does not
 * take any more can be had anew: both are told where.
 */
async function offerLogin(
  exchange: Exchange,
  { right }: RepositoryEndpoint,
  name: ResolvedName,
  { subject, identity }: Admission,
  error: unknown,
): Promise<never> {
  const isStranger = subject.kind === "anonymous" && identity === undefined
  const { parts } = exchange
  const turnedAway = error instanceof UpstreamFailure ? error.turnedAway : error
  const mayLogIn = isStranger && name.kind === "proxied" && parts.mayLogInUpstream(name)
  const refusal = mayLogIn && turnedAway instanceof TurnedAway ? turnedAway : isBareRefusal(error) ? error : undefined
  if (refusal === undefined) throw error
  throw new RegistryError("UNAUTHORIZED", refusal.message, {
    challenge: await parts.gate.challenge(exchange, right, name),
    cause: error,
  })
}

function isBareRefusal(error: unknown): error is RegistryError {
  return error instanceof RegistryError && error.code === "UNAUTHORIZED" && error.challenge === undefined
}

function nothingHere(): RegistryError {
  return new RegistryError("UNSUPPORTED", "there is nothing at this path", { status: 404 })
}

function refuseMethod(exchange: Exchange, kind: RouteKind): void {
  const allowed = methods.filter((method) => endpoints[kind][method] !== null)
  const error = new RegistryError("UNSUPPORTED", `this is done with ${allowed.join(", ")}`)
  sendError(exchange, error, ["Allow", allowed.join(", ")])
}
