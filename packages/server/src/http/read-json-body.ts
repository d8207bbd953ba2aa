import type { IncomingMessage } from "node:http"
import { ServiceError } from "../errors/service-error.ts"
import { RequestError } from "./request-error.ts"

/** More than the longest batch of a thousand images needs. */
const maxBodyBytes = 1024 * 1024

/**
 * The text of a JSON body, undefined where there is none.
 * @throws RequestError `unsupported_media_type`, `body_too_large`; ServiceError `invalid` for text that is not JSON.
 */
export async function readJsonBody(request: IncomingMessage, limit: number = maxBodyBytes): Promise<unknown> {
  const { headers } = request
  const declared = Number(headers["content-length"] ?? 0)
  if (declared === 0 && headers["transfer-encoding"] === undefined) return undefined
  const mediaType = headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase()
  if (mediaType !== "application/json") {
    throw new RequestError("unsupported_media_type", "a body has to be application/json")
  }
  if (headers["content-encoding"] !== undefined && headers["content-encoding"] !== "identity") {
    throw new RequestError("unsupported_media_type", "a body has to come uncompressed")
  }
  if (declared > limit) throw tooLarge(limit)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) throw tooLarge(limit)
    chunks.push(chunk)
  }
  return parse(Buffer.concat(chunks))
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes))
  } catch {
    throw new ServiceError("invalid", "the body is not JSON")
  }
}

function tooLarge(limit: number): RequestError {
  return new RequestError("body_too_large", `a body has at most ${limit} bytes`)
}
