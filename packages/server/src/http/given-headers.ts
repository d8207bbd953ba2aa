import type { OutgoingHttpHeader, OutgoingHttpHeaders, ServerResponse } from "node:http"

/** Headers as `writeHead` takes them: by name, or flat, names and values in turn. */
export type GivenHeaders = OutgoingHttpHeaders | OutgoingHttpHeader[]

/** Sets what is otherwise handed to `writeHead`, so that it can still be read and changed. */
export function setHeaders(response: ServerResponse, given: string | GivenHeaders | undefined): void {
  if (typeof given !== "object") return
  const pairs = Array.isArray(given) ? pairsOf(given) : Object.entries(given)
  for (const [name, value] of pairs) if (value !== undefined) response.setHeader(name, value)
}

function pairsOf(flat: readonly OutgoingHttpHeader[]): readonly (readonly [string, OutgoingHttpHeader])[] {
  return flat.flatMap((name, index) => {
    const value = flat[index + 1]
    return index % 2 === 0 && value !== undefined ? [[String(name), value] as const] : []
  })
}
