import { nodeHTTPRequestHandler } from "@trpc/server/adapters/node-http"
import { ServiceError } from "../errors/service-error.ts"
import { readJsonBody } from "../http/read-json-body.ts"
import type { Exchange } from "./exchange.ts"
import { appRouter } from "./router.ts"

/** Calls of one HTTP request. */
const maxBatchSize = 20

/**
 * Answers a request below /api/trpc/. Rights are looked up by the procedures themselves.
 * @throws RequestError and ServiceError for a request whose form is wrong, before any procedure is looked for.
 */
export async function serveTrpc(path: string, { target, context, request, response }: Exchange): Promise<void> {
  checkInput(target.query.get("input"))
  const body = await readJsonBody(request)
  // tRPC wants a media type of a body that is not there, too.
  if (body === undefined && request.method === "POST") request.headers["content-type"] = "application/json"
  const read = Object.assign(request, { body: body === undefined ? "" : JSON.stringify(body) })
  await nodeHTTPRequestHandler({
    req: read,
    res: response,
    path,
    router: appRouter,
    createContext: () => context,
    maxBatchSize,
  })
}

/** A GET's input stands in its query. */
function checkInput(text: string | null): void {
  if (text === null) return
  try {
    JSON.parse(text)
  } catch {
    throw new ServiceError("invalid", "the input is not JSON")
  }
}
