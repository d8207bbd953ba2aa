import { type IncomingHttpHeaders, request as send } from "node:http"

/** A registry to be tried. */
export interface ConformanceTarget {
  /** `http://127.0.0.1:8080` */
  readonly origin: string
  /** Authorization of somebody who may pull, push and delete in both repositories. */
  readonly authorization?: string
  /** Two repositories of the same owner; what is in them is of no importance. */
  readonly repositories: readonly [string, string]
}

export interface ConformanceAnswer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export interface ConformanceRequest {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer
  /** The body goes out without Content-Length. */
  readonly isStreamed?: boolean
  /** Goes out without the target's authorization. */
  readonly isAnonymous?: boolean
}

/** How a blob is pushed. */
export type PushWay = "POST then PUT" | "single POST" | "streamed PATCH" | "chunked PATCH" | "chunked with a closing PUT"

export const pushWays: readonly PushWay[] = [
  "POST then PUT",
  "single POST",
  "streamed PATCH",
  "chunked PATCH",
  "chunked with a closing PUT",
]

const octets = { "content-type": "application/octet-stream" }

/** A client that does what the specification says, and looks at nothing by itself. */
export class ConformanceClient {
  readonly #target: () => ConformanceTarget

  constructor(target: () => ConformanceTarget) {
    this.#target = target
  }

  get repository(): string {
    return this.#target().repositories[0]
  }

  get otherRepository(): string {
    return this.#target().repositories[1]
  }

  /** @param location a path, or the URL of a Location header. */
  async request(
    method: string,
    location: string,
    { headers, body, isStreamed, isAnonymous }: ConformanceRequest = {},
  ): Promise<ConformanceAnswer> {
    const { origin, authorization } = this.#target()
    return await new Promise((resolve, reject) => {
      const outgoing = send(
        new URL(location, origin),
        {
          method,
          headers: {
            ...(authorization === undefined || isAnonymous === true ? {} : { authorization }),
            ...(isStreamed === true || method === "GET" || method === "HEAD" ? {} : { "content-length": body?.length ?? 0 }),
            ...headers,
          },
        },
        (incoming) => {
          const chunks: Buffer[] = []
          incoming.on("data", (chunk: Buffer) => chunks.push(chunk))
          incoming.on("error", reject)
          incoming.on("end", () =>
            resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: Buffer.concat(chunks) }),
          )
        },
      )
      outgoing.on("error", reject)
      if (isStreamed === true && body !== undefined) outgoing.write(body.subarray(0, body.length / 2))
      outgoing.end(isStreamed === true ? body?.subarray(body.length / 2) : body)
    })
  }

  blob(digest: string, repository = this.repository): string {
    return `/v2/${repository}/blobs/${digest}`
  }

  manifest(reference: string): string {
    return `/v2/${this.repository}/manifests/${reference}`
  }

  /** Begins an upload session. @param query with its question mark. */
  begin(query = "", repository = this.repository): Promise<ConformanceAnswer> {
    return this.request("POST", `/v2/${repository}/blobs/uploads/${query}`)
  }

  /** Adds a chunk to a session, from that byte on. */
  chunk(method: "PATCH" | "PUT", location: string, from: number, body: Buffer): Promise<ConformanceAnswer> {
    const headers = { ...octets, "content-range": `${from}-${from + body.length - 1}` }
    return this.request(method, location, { headers, body })
  }

  /** Pushes a blob; the last answer. */
  async push(way: PushWay, digest: string, bytes: Buffer, repository = this.repository): Promise<ConformanceAnswer> {
    if (way === "single POST") {
      const location = `/v2/${repository}/blobs/uploads/?digest=${encodeURIComponent(digest)}`
      return await this.request("POST", location, { headers: octets, body: bytes })
    }
    const begun = await this.begin("", repository)
    let location = locationOf(begun)
    if (way === "POST then PUT") return await this.request("PUT", closing(location, digest), { headers: octets, body: bytes })
    if (way === "streamed PATCH") {
      const answer = await this.request("PATCH", location, { headers: octets, body: bytes, isStreamed: true })
      return answer.status === 202 ? await this.request("PUT", closing(locationOf(answer), digest)) : answer
    }
    const size = Math.ceil(bytes.length / 3) || 1
    let from = 0
    for (; from < bytes.length; from += size) {
      const part = bytes.subarray(from, from + size)
      const isLast = from + size >= bytes.length
      if (isLast && way === "chunked with a closing PUT") return await this.chunk("PUT", closing(location, digest), from, part)
      const answer = await this.chunk("PATCH", location, from, part)
      if (answer.status !== 202) return answer
      location = locationOf(answer)
    }
    return await this.request("PUT", closing(location, digest))
  }
}

/** The Location of an answer. @throws Error where it has none. */
export function locationOf({ status, headers, body }: ConformanceAnswer): string {
  if (headers.location === undefined) throw new Error(`no Location beside ${status}: ${body.toString("utf8", 0, 500)}`)
  return headers.location
}

/** A session's location with the digest that closes it; whatever query it has stays. */
export function closing(location: string, digest: string): string {
  return `${location}${location.includes("?") ? "&" : "?"}digest=${encodeURIComponent(digest)}`
}
