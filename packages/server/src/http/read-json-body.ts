import type { IncomingMessage } from "node:http"
import { ServiceError } from "../errors/service-error.ts"
import { RequestError } from "./request-error.ts"

/** More than the longest batch of a thousand images needs. */
const maxBodyBytes = 1024 * 1024
/** Nothing that is asked for is nested as deep; what is written out again further on must not run out of stack. */
const deepest = 64
const [quote, backslash, openBracket, closeBracket, openBrace, closeBrace] = Buffer.from('"\\[]{}')

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
  if (depthOf(bytes) > deepest) throw new ServiceError("invalid", `the body is nested deeper than ${deepest}`)
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes))
  } catch {
    throw new ServiceError("invalid", "the body is not JSON")
  }
}

/** How far brackets are nested at most, where it is JSON. */
function depthOf(bytes: Buffer): number {
  let depth = 0
  let most = 0
  let isText = false
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]
    if (isText && byte === backslash) i++
    else if (byte === quote) isText = !isText
    else if (isText) continue
    else if (byte === openBracket || byte === openBrace) most = Math.max(most, ++depth)
    else if (byte === closeBracket || byte === closeBrace) depth--
  }
  return most
}

function tooLarge(limit: number): RequestError {
  return new RequestError("body_too_large", `a body has at most ${limit} bytes`)
}
