import type { BlobContent } from "../images/blob-content.ts"

/** Bytes that come from elsewhere, once. */
interface StreamBody {
  readonly stream: AsyncIterable<Buffer>
  /** As announced; undefined sends them chunked. */
  readonly sizeBytes: number | undefined
}

/** What a handler answers; a content is sent from `from` up to `end`. */
export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer | StreamBody | { readonly content: BlobContent; readonly from: number; readonly end: number }
}

/** distribution-spec, "Error Codes". */
export function errorReply(
  status: number,
  code: string,
  message = code.toLowerCase(),
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return jsonReply(status, { errors: [{ code, message, detail: null }] }, headers)
}

export function jsonReply(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Reply {
  return { status, headers: { "content-type": "application/json", ...headers }, body: Buffer.from(JSON.stringify(value)) }
}

/** Undefined where it is not known beforehand. */
export function replySize({ body }: Reply): number | undefined {
  if (!body) return 0
  if (Buffer.isBuffer(body)) return body.length
  return "stream" in body ? body.sizeBytes : body.end - body.from
}
