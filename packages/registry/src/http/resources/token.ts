import type { TokenAnswer } from "../../access/token-endpoint.ts"
import { RegistryError } from "../../registry-error.ts"
import type { Exchange } from "../exchange.ts"
import { readBody } from "../request-body.ts"

/** A form with a password and some scopes. */
const mostFormBytes = 64 * 1024

/** GET and POST `/v2/auth`: the token endpoint of the specification that Docker's registry wrote down. */
export async function sendToken(exchange: Exchange): Promise<void> {
  const { request, query, authorization, address, origin, parts } = exchange
  const method = exchange.isHead ? "GET" : (request.method ?? "GET")
  const form = method === "POST" ? await readForm(exchange) : undefined
  exchange.user = nameOf(authorization, form)
  const answer: TokenAnswer = await parts.gate.token({ method, query, form, authorization, address, origin })
  exchange.sendJson(answer.status, answer.body)
}

async function readForm({ request, parts }: Exchange): Promise<URLSearchParams> {
  const type = (request.headers["content-type"] ?? "").split(";", 1)[0]?.trim().toLowerCase()
  if (type !== "application/x-www-form-urlencoded")
    throw new RegistryError("UNSUPPORTED", "a token is asked for with a form: application/x-www-form-urlencoded", { status: 415 })
  const body = await readBody(request, { mostBytes: mostFormBytes, idleMs: parts.bodyIdleMs })
  return new URLSearchParams(body.toString("utf8"))
}

/** Who says to be logging in: for the access log, right or wrong. */
function nameOf(authorization: string | undefined, form: URLSearchParams | undefined): string {
  const given = form?.get("username")
  if (given) return given.slice(0, 255)
  const basic = /^basic ([A-Za-z0-9+/=]{1,4096})$/i.exec(authorization ?? "")?.[1]
  return basic === undefined ? "" : (Buffer.from(basic, "base64").toString("utf8").split(":", 1)[0] ?? "").slice(0, 255)
}
