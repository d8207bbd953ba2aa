import type { Descriptor } from "../../content/descriptor.ts"
import { isDigest, splitDigest } from "../../content/digest.ts"
import { bufferBody, type HttpRequest, type HttpResponse, type RequestBody } from "../../http/http.ts"
import { protocolError } from "./registry-error.ts"
import type { Onward, RepositoryClient } from "./repository-client.ts"

/** A begun upload: where it goes on, and how many bytes the registry has confirmed. */
export interface UploadSession {
  readonly to: Onward
  readonly offset: number
  /** `OCI-Chunk-Min-Length`: a PATCH that is not the last must carry at least so many bytes. */
  readonly chunkMinLength: number
}

/** One request of an upload that carries blob bytes. */
export interface Piece {
  readonly from: number
  /** Exclusive. */
  readonly to: number
  readonly body: RequestBody
  readonly contentRange: boolean
  readonly connection: NonNullable<HttpRequest["connection"]>
  readonly idleTimeoutMs: number
  readonly signal: AbortSignal
}

const nothing = bufferBody(Buffer.alloc(0))

/** What the requests of an upload go into errors as. */
export function describeUpload(client: RepositoryClient, digest: string): string {
  return `the upload of ${client.repository}@${digest}`
}

/**
 * The requests of one upload (distribution-spec, "Pushing Blobs"), each answered by the session as it stands afterwards, or by undefined when the
 * blob is stored. Errors are TransferErrors with the status and the registry's code; none of these requests is repeated by the retry layer once it
 * carries blob bytes.
 */
export class UploadRequests {
  readonly #client: RepositoryClient
  readonly #digest: string
  readonly #what: string

  constructor(client: RepositoryClient, blob: Pick<Descriptor, "digest">) {
    this.#client = client
    this.#digest = blob.digest
    this.#what = describeUpload(client, blob.digest)
  }

  async begin(signal?: AbortSignal): Promise<UploadSession> {
    const { algorithm } = splitDigest(this.#digest)
    const query = algorithm === "sha256" ? "" : `?digest-algorithm=${algorithm}`
    const response = await this.#client.send(`blobs/uploads/${query}`, this.#what, { method: "POST", body: nothing, signal })
    return this.#accepted(response, 0)
  }

  /** The whole blob in the POST. A session when the registry began one instead of storing it. */
  async postWhole(piece: Piece): Promise<UploadSession | undefined> {
    const path = `blobs/uploads/?digest=${encodeURIComponent(this.#digest)}`
    const response = await this.#client.send(path, this.#what, { method: "POST", ...carrying(piece) })
    if (response.status !== 201) return this.#accepted(response, 0)
    await this.#stored(response)
    return undefined
  }

  /** Begins by mounting from another repository of the host; undefined when the blob is there now. */
  async mount(from: string, signal?: AbortSignal): Promise<UploadSession | undefined> {
    const query = `mount=${encodeURIComponent(this.#digest)}&from=${encodeURIComponent(from)}`
    const response = await this.#client.send(`blobs/uploads/?${query}`, this.#what, {
      method: "POST",
      body: nothing,
      // a server that reads only one scope must find the one that pushes
      scopes: [this.#client.scope, `repository:${from}:pull`],
      signal,
    })
    if (response.status !== 201) return this.#accepted(response, 0)
    await this.#stored(response)
    return undefined
  }

  /** Sends `piece`; the session as the registry confirms it. */
  async patch(session: UploadSession, piece: Piece): Promise<UploadSession> {
    const response = await this.#client.send(session.to, this.#what, { method: "PATCH", ...carrying(piece) })
    // aws/containers-roadmap#2831: ECR answers 201
    return this.#accepted(response, piece.to, response.status === 201 || response.status === 204)
  }

  /** Sends the rest (which may be nothing) and closes the upload. */
  async close(session: UploadSession, piece: Piece): Promise<void> {
    const url = new URL(session.to.url)
    url.search += `${url.search === "" ? "?" : "&"}digest=${encodeURIComponent(this.#digest)}`
    const response = await this.#client.send({ ...session.to, url }, this.#what, { method: "PUT", ...carrying(piece) })
    await this.#stored(response)
  }

  /** Asks how far the upload came (distribution-spec, "Resuming"), on a connection of its own. */
  async status(session: UploadSession, signal?: AbortSignal): Promise<UploadSession> {
    const response = await this.#client.send(session.to, this.#what, {
      method: "GET",
      connection: "own",
      idleTimeoutMs: 10_000,
      signal,
    })
    return this.#accepted(response, 0, response.status === 204, session)
  }

  /** Gives the upload up. Best effort: never throws, and takes at most `timeoutMs`. */
  async cancel(session: UploadSession, timeoutMs: number): Promise<void> {
    try {
      const response = await this.#client.send(session.to, this.#what, {
        method: "DELETE",
        scopes: [`repository:${this.#client.repository}:delete`, this.#client.scope],
        retry: false,
        signal: AbortSignal.timeout(timeoutMs),
      })
      await response.body.discard()
    } catch {
      // registries sweep abandoned uploads by themselves
    }
  }

  /** The session an answer speaks of. Where it has no Range, the registry is taken to have `offset` bytes. */
  async #accepted(response: HttpResponse, offset: number, alsoFine = false, before?: UploadSession): Promise<UploadSession> {
    if (response.status !== 202 && !alsoFine) throw await this.#client.error(response, this.#what)
    await response.body.discard()
    const location = response.headers.get("location")
    const chunkMinLength = Number(response.headers.get("oci-chunk-min-length") ?? before?.chunkMinLength ?? 0)
    const to = location === undefined ? before?.to : await this.#client.onward(location, response.url, this.#what)
    if (to === undefined) throw protocolError(this.#client.asked(this.#what), "gave no Location")
    return {
      to,
      offset: offsetOf(response.headers.get("range")) ?? offset,
      chunkMinLength: Number.isSafeInteger(chunkMinLength) && chunkMinLength > 0 ? chunkMinLength : 0,
    }
  }

  async #stored(response: HttpResponse): Promise<void> {
    // some registries close an upload with 200 or 204
    if (![200, 201, 204].includes(response.status)) {
      if (response.status >= 400) throw await this.#client.error(response, this.#what)
      await response.body.discard()
      throw protocolError(this.#client.asked(this.#what), `answered ${response.status} instead of 201`)
    }
    await response.body.discard()
    const stored = response.headers.get("docker-content-digest")
    if (stored !== undefined && isDigest(stored) && stored.slice(0, 7) === this.#digest.slice(0, 7) && stored !== this.#digest) {
      throw protocolError(this.#client.asked(this.#what), `stored ${stored} instead of ${this.#digest}`)
    }
  }
}

/** Bytes that a `Range: 0-N` confirms. distribution writes `0-0` for none. */
export function offsetOf(range: string | undefined): number | undefined {
  const last = /^(?:bytes=)?0-(\d{1,15})$/.exec(range?.trim() ?? "")?.[1]
  if (last === undefined) return undefined
  return last === "0" ? 0 : Number(last) + 1
}

function carrying({ from, to, contentRange, ...rest }: Piece) {
  return {
    ...rest,
    headers: {
      "content-type": "application/octet-stream",
      ...(contentRange ? { "content-range": `${from}-${to - 1}` } : {}),
    },
    retry: false,
  }
}
