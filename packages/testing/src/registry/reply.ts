import type { BlobContent } from "../images/blob-content.ts"

/** What a handler answers; a content is sent from `from` up to `end`. */
export interface Reply {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer | { readonly content: BlobContent; readonly from: number; readonly end: number }
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

export function replySize(reply: Reply): number {
  if (!reply.body) return 0
  return Buffer.isBuffer(reply.body) ? reply.body.length : reply.body.end - reply.body.from
}
