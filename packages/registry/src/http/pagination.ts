import { RegistryError } from "../registry-error.ts"
import type { PageRequest } from "../warehouse/readable-repository.ts"
import type { Exchange } from "./exchange.ts"

/** Entries of a page at most, however many a client asks for (RELIABILITY S9). */
export const mostPerPage = 1000

/** Reads `n` and `last`. @throws RegistryError PAGINATION_NUMBER_INVALID for an `n` that is no whole number. */
export function readPage({ query }: Exchange): PageRequest {
  const n = query.get("n")
  if (n !== null && !/^\d{1,15}$/.test(n)) {
    throw new RegistryError("PAGINATION_NUMBER_INVALID", "n is how many entries a page has at most: a whole number", {
      detail: { n: n.slice(0, 100) },
    })
  }
  return { limit: n === null ? mostPerPage : Math.min(Number(n), mostPerPage), after: query.get("last") || undefined }
}

/** The Link header to the page behind `last` (RFC 8288), relative to this server, with everything else that was asked for as it was. */
export function nextPage({ path, query }: Exchange, limit: number, last: string): readonly string[] {
  const next = new URLSearchParams(query)
  next.set("n", String(limit))
  next.set("last", last)
  return ["Link", `<${path}?${next}>; rel="next"`]
}
