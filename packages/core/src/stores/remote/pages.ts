import { isTransferError, TransferError } from "../../errors/transfer-error.ts"
import type { HttpResponse } from "../../http/http.ts"
import { type Asked, placed, protocolError } from "./registry-error.ts"

/** Caps on lists (RELIABILITY S9). */
export const listLimits = { pageBytes: 4 * 1024 * 1024, pages: 1000, perPage: 1000 } as const

/** One page as JSON, at most 4 MiB. @throws TransferError `too_large`, `protocol`, `network`. */
export async function readJsonPage(response: HttpResponse, asked: Asked): Promise<Readonly<Record<string, unknown>>> {
  let bytes: Buffer
  try {
    bytes = await response.body.bytes(listLimits.pageBytes)
  } catch (error) {
    if (!isTransferError(error, "too_large")) throw placed(error, asked)
    throw new TransferError(
      "too_large",
      `${asked.host} sent more than ${listLimits.pageBytes} bytes for one page of ${asked.what}`,
      {
        host: asked.host,
        side: asked.side,
      },
    )
  }
  try {
    const json: unknown = JSON.parse(bytes.toString("utf8"))
    if (typeof json === "object" && json !== null && !Array.isArray(json)) return json as Readonly<Record<string, unknown>>
  } catch (cause) {
    throw protocolError(asked, "answered something that is not JSON", cause)
  }
  throw protocolError(asked, "answered JSON that is no object")
}

/** Of a Link header so much is looked at. */
const maxLinkLength = 16 * 1024

/** The target of `Link: <…>; rel="next"` (RFC 8288), as the server wrote it. */
export function nextLink(response: HttpResponse): string | undefined {
  for (const value of response.headers.all("link")) {
    for (const link of value.slice(0, maxLinkLength).split(/,(?=\s*<)/)) {
      const match = /^\s*<([^>]{1,4096})>(.*)$/.exec(link)
      if (match?.[1] !== undefined && /;\s*rel\s*=\s*"?next"?(?:\s*(?:;|$))/i.test(match[2] ?? "")) return match[1]
    }
  }
  return undefined
}

/**
 * The next page of `list`. Only the registry's own host and this very list are followed (RELIABILITY S3).
 * @throws TransferError `address_blocked`.
 */
export function requireSameList(next: URL, list: URL, asked: Asked): URL {
  if (next.host !== list.host || next.pathname !== list.pathname) {
    throw new TransferError("address_blocked", `${asked.host} led away from itself for the next page of ${asked.what}`, {
      host: asked.host,
      side: asked.side,
    })
  }
  const url = new URL(list)
  url.search = next.search
  return url
}
