import type { Admission } from "../../access/gate.ts"
import type { SearchResult } from "../../proxy/search-indexes.ts"
import { RegistryError } from "../../registry-error.ts"
import type { Exchange } from "../exchange.ts"

const usualPageSize = 25
const mostResults = 100
const mostText = 255

/** GET /v1/search: what `docker search` asks. The index's answer, without what the caller could not pull. */
export async function sendSearch(exchange: Exchange, admission: Admission): Promise<void> {
  const { parts, query, signal } = exchange
  const text = query.get("q") ?? ""
  exchange.reference = text.slice(0, mostText)
  if (text.trim() === "" || text.length > mostText)
    throw new RegistryError("UNSUPPORTED", "what is searched for is missing or too long: /v1/search?q=", { status: 400 })
  const pageSize = numberOf(query.get("n") ?? query.get("page_size"), usualPageSize, mostResults)
  const page = numberOf(query.get("page"), 1, 1000)
  const { results, total, upstream } = await parts.search({ text, pageSize, page }, signal)
  exchange.cameFrom({ cache: "miss", upstream })
  const visible = results.filter((result) => mayPull(exchange, admission, result))
  exchange.sendJson(200, {
    num_pages: Math.ceil(total / pageSize),
    num_results: total - (results.length - visible.length),
    results: visible,
    page_size: pageSize,
    query: text,
    page: String(page),
  })
}

/** What an index finds may be no name here. */
function mayPull({ parts }: Exchange, admission: Admission, result: SearchResult): boolean {
  try {
    return parts.gate.mayPull(admission, parts.nameOfResult(result))
  } catch (error) {
    if (error instanceof RegistryError) return false
    throw error
  }
}

function numberOf(text: string | null, otherwise: number, most: number): number {
  if (text === null) return otherwise
  const value = /^\d{1,9}$/.test(text) ? Number(text) : 0
  if (value >= 1 && value <= most) return value
  throw new RegistryError("PAGINATION_NUMBER_INVALID", `n is how many results a page has: 1 to ${most}`, {
    detail: { n: text.slice(0, 100) },
  })
}
