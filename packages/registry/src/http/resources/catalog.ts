import type { Admission } from "../../access/gate.ts"
import type { Exchange } from "../exchange.ts"
import { mostPerPage, nextPage, readPage } from "../pagination.ts"

/**
 * GET `_catalog`: what is here, hosted or read through an upstream, under the names that can be pulled here (`docker.io/library/nginx` says where it
 * came from), as far as the caller may pull it.
 */
export async function sendCatalog(exchange: Exchange, admission: Admission): Promise<void> {
  const { limit, after } = readPage(exchange)
  const { names, more } = limit === 0 ? { names: [], more: false } : await visibleNames(exchange, admission, limit, after)
  const last = names.at(-1)
  exchange.sendJson(200, { repositories: names }, more && last !== undefined ? nextPage(exchange, limit, last) : [])
}

async function visibleNames(
  exchange: Exchange,
  admission: Admission,
  limit: number,
  after: string | undefined,
): Promise<{ readonly names: readonly string[]; readonly more: boolean }> {
  const { parts, signal } = exchange
  const names: string[] = []
  let last = after
  while (!signal.aborted) {
    const page = await parts.repositories({ after: last, limit: mostPerPage })
    for (const name of page) {
      if (!parts.gate.mayPull(admission, name)) continue
      if (names.length === limit) return { names, more: true }
      names.push(name.name)
    }
    if (page.length < mostPerPage) break
    last = page.at(-1)?.name
  }
  return { names, more: false }
}
