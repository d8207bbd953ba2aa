import { type HttpResponse, isTransferError, TransferError } from "@entrepot/core"
import type { UpstreamClient } from "./upstream-client.ts"

/** What an index is asked for (Docker Registry API, version 1). */
export interface SearchQuery {
  readonly text: string
  /** 1 to 100. */
  readonly pageSize: number
  /** From 1. */
  readonly page: number
}

/** One image that a search found, in the words of that protocol. */
export interface SearchResult {
  readonly name: string
  readonly description: string
  readonly star_count: number
  readonly is_official: boolean
  readonly is_automated: boolean
}

export interface SearchAnswer {
  readonly results: readonly SearchResult[]
  /** Of all pages. */
  readonly total: number
  /** `host[:port]` that answered; empty where none has an index. */
  readonly upstream: string
}

/** Docker Hub's registry has no index of its own. */
const indexes: Readonly<Record<string, string>> = { "registry-1.docker.io": "https://index.docker.io" }

const mostBytes = 1024 * 1024
const mostResults = 100
const longestDescription = 1_000
const longestName = 255

/**
 * Asks the upstreams' indexes one after the other: the first that has one answers. Nothing is found where none has.
 * @throws TransferError where an index could not be asked, and none of the others answered.
 */
export async function searchIndexes(
  clients: readonly UpstreamClient[],
  query: SearchQuery,
  signal: AbortSignal,
): Promise<SearchAnswer> {
  let failure: unknown
  for (const client of clients) {
    try {
      const answer = await searchIndex(client, query, signal)
      if (answer !== undefined) return answer
    } catch (error) {
      if (signal.aborted || !isTransferError(error)) throw error
      failure ??= error
    }
  }
  if (failure !== undefined) throw failure
  return { results: [], total: 0, upstream: "" }
}

async function searchIndex(client: UpstreamClient, query: SearchQuery, signal: AbortSignal): Promise<SearchAnswer | undefined> {
  const http = client.http()
  const url = new URL("/v1/search", indexes[client.host] ?? (await http.baseUrl(client.host)))
  url.searchParams.set("q", query.text)
  url.searchParams.set("n", String(query.pageSize))
  url.searchParams.set("page", String(query.page))
  const headers = { accept: "application/json", "x-docker-token": "true" }
  const response = await http.send({ method: "GET", url, headers, origin: "configured", side: "source", signal })
  if (response.status !== 200) {
    await response.body.discard()
    if (hasNoIndex(response)) return undefined
    throw new TransferError("server_error", `${url.host} answered ${response.status} to a search`, {
      host: url.host,
      side: "source",
      status: response.status,
    })
  }
  return { ...readAnswer(url.host, await response.body.bytes(mostBytes)), upstream: url.host }
}

/** Registries of version 2 have none, and ask for a login for every path that they do not know. */
function hasNoIndex({ status }: HttpResponse): boolean {
  return [400, 401, 403, 404, 405].includes(status)
}

function readAnswer(host: string, bytes: Buffer): Omit<SearchAnswer, "upstream"> {
  let json: unknown
  try {
    json = JSON.parse(bytes.toString("utf8"))
  } catch (cause) {
    throw new TransferError("protocol", `${host} answered a search with something that is not JSON`, {
      host,
      side: "source",
      cause,
    })
  }
  const answer = objectOf(json)
  const list = Array.isArray(answer.results) ? answer.results : []
  const results = list.slice(0, mostResults).flatMap(readResult)
  const total =
    typeof answer.num_results === "number" && answer.num_results >= 0 ? Math.floor(answer.num_results) : results.length
  return { results, total }
}

function readResult(value: unknown): readonly SearchResult[] {
  const { name, description, star_count, is_official, is_automated } = objectOf(value)
  if (typeof name !== "string" || name === "" || name.length > longestName) return []
  return [
    {
      name,
      description: typeof description === "string" ? description.slice(0, longestDescription) : "",
      star_count: typeof star_count === "number" ? star_count : 0,
      is_official: is_official === true,
      is_automated: is_automated === true,
    },
  ]
}

function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {}
}
