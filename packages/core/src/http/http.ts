import type { Side } from "../errors/error-code.ts"

/**
 * The contract between the transport (one HTTP/1.1 exchange on one connection), the layers above it (limits, retry, redirects,
 * authentication), and the remote store. A layer is a function from Send to Send.
 */
export type Send = (request: HttpRequest) => Promise<HttpResponse>
export type Layer = (next: Send) => Send

export interface HttpRequest {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE"
  readonly url: URL
  /** Names in lower case. Host, Content-Length, Transfer-Encoding and Connection belong to the transport. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: RequestBody
  readonly signal?: AbortSignal | undefined
  /**
   * `configured`: a person named this host (RELIABILITY S3). `derived`: a server's answer led here (redirect, realm, Location, Link,
   * foreign layer URL): private addresses are refused.
   */
  readonly origin: "configured" | "derived"
  /** Token scopes this request needs, most specific first: `repository:library/nginx:pull`. None for requests without authentication. */
  readonly scopes?: readonly string[]
  /** False for a request that must not be sent twice by the retry layer, because its sender resumes by its own means. Default true. */
  readonly retry?: boolean
  /** Goes into errors. */
  readonly side?: Side
  /** No byte in either direction for so long: the connection is dead. Default 30,000. */
  readonly idleTimeoutMs?: number
  /**
   * `own`: a new connection for this request alone, closed after the answer; for links that cut a connection after so many bytes, and
   * for questions after one was cut. Default `pooled`.
   */
  readonly connection?: "pooled" | "own"
}

export interface RequestBody {
  /** Bytes; undefined sends `Transfer-Encoding: chunked`. */
  readonly length: number | undefined
  /** A fresh iterator each call; a body that cannot be read twice throws the second time. */
  open(): AsyncIterable<Buffer>
  /** Called with the number of body bytes that the operating system has taken so far. */
  readonly onSent?: (bytes: number) => void
  /** Called with each chunk of the iterator that has been taken whole and is not looked at again. */
  readonly onTaken?: (chunk: Buffer) => void
}

export interface HttpHeaders {
  /** First value; the name in lower case. */
  get(name: string): string | undefined
  all(name: string): readonly string[]
}

export interface HttpResponse {
  readonly status: number
  readonly headers: HttpHeaders
  /** Where the answer came from, after redirects. */
  readonly url: URL
  readonly body: ResponseBody
  /** Takes the secrets that the request carried out of a text of this answer, which may echo them. Absent where it carried none. */
  readonly hide?: (text: string) => string
}

/** A response body. Exactly one of the three ways to consume it must be taken, or the connection is never given back. */
export interface ResponseBody extends AsyncIterable<Buffer> {
  /** Everything, at most `limit` bytes. @throws TransferError `too_large`. */
  bytes(limit: number): Promise<Buffer>
  /** Not wanted: a short rest is drained so that the connection lives on, a long one costs the connection. */
  discard(): Promise<void>
}

/** Wraps `transport` so that the first layer sees a request first: `stack(transport, limits(), retry(), auth())`. */
export function stack(transport: Send, ...layers: readonly Layer[]): Send {
  return layers.reduceRight<Send>((next, layer) => layer(next), transport)
}

/** A body that is already in memory. */
export function bufferBody(bytes: Buffer): RequestBody {
  return {
    length: bytes.length,
    async *open() {
      yield bytes
    },
  }
}
