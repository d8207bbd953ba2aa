import type { HttpResponse } from "../../http/http.ts"
import { listLimits, nextLink, readJsonPage, requireSameList } from "./pages.ts"
import { protocolError } from "./registry-error.ts"
import { type RemoteHttp, RepositoryClient } from "./repository-client.ts"

const tagGrammar = /^\w[\w.-]{0,127}$/

/**
 * All tags of the repository, in the registry's order (distribution-spec, "Listing Tags"); what is no valid tag is left out. Undefined where the
 * repository does not exist.
 * @throws TransferError `address_blocked` for a Link elsewhere, `too_large`, `protocol`, …
 */
export async function listTags(client: RepositoryClient, signal?: AbortSignal): Promise<readonly string[] | undefined> {
  const what = `the tags of ${client.repository}`
  const names = await listNames(client, await client.url("tags/list"), "tags", { what, scope: client.scope, signal })
  return names?.filter((name) => tagGrammar.test(name))
}

/**
 * All repositories of a registry (`GET /v2/_catalog`, as distribution offers it). Undefined where there is no such list.
 * @throws TransferError `forbidden` or `unauthorized` where it is not for everyone, `address_blocked`, `protocol`, …
 */
export async function listCatalog(
  http: RemoteHttp,
  host: string,
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<readonly string[] | undefined> {
  const client = new RepositoryClient({ host, repository: "", http })
  const url = new URL("/v2/_catalog", await http.baseUrl(host))
  const what = "the catalog"
  return listNames(client, url, "repositories", { what, scope: "registry:catalog:*", signal: options.signal })
}

interface List {
  readonly what: string
  readonly scope: string
  readonly signal?: AbortSignal | undefined
}

/** Follows `rel="next"`; a full page without any Link is followed by `last`, since some registries count pages and send none. */
async function listNames(
  client: RepositoryClient,
  first: URL,
  field: string,
  { what, scope, signal }: List,
): Promise<readonly string[] | undefined> {
  const names = new Set<string>()
  const asked = client.asked(what)
  let url: URL | undefined = withQuery(first, undefined)
  for (let page = 0; url !== undefined; page++) {
    if (page === listLimits.pages) throw protocolError(asked, `answered more than ${listLimits.pages} pages`)
    const response: HttpResponse = await client.send({ url, origin: "configured" }, what, {
      method: "GET",
      scopes: [scope],
      signal,
    })
    if (response.status === 404 && page === 0) {
      await response.body.discard()
      return undefined
    }
    if (response.status !== 200) throw await client.error(response, what)
    const list = (await readJsonPage(response, asked))[field]
    if (list !== null && list !== undefined && !Array.isArray(list)) throw protocolError(asked, "answered no list")
    const found = (list ?? []).filter((name): name is string => typeof name === "string")
    const before: number = names.size
    for (const name of found) names.add(name)
    const link = nextLink(response)
    const last = found.at(-1)
    const gained = names.size > before
    if (link !== undefined) url = gained ? requireSameList((await client.onward(link, url, what)).url, first, asked) : undefined
    else url = gained && found.length === listLimits.perPage && last !== undefined ? withQuery(first, last) : undefined
  }
  return [...names]
}

function withQuery(list: URL, last: string | undefined): URL {
  const url = new URL(list)
  url.searchParams.set("n", String(listLimits.perPage))
  if (last !== undefined) url.searchParams.set("last", last)
  return url
}
