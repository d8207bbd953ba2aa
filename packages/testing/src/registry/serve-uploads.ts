import { ConnectionCut, type Exchange } from "./exchange.ts"
import type { RegistryState } from "./registry-state.ts"
import { errorReply, type Reply } from "./reply.ts"
import { type Repository, Upload } from "./repository.ts"

/** distribution-spec end-4 to end-6, end-11, end-13 and end-14: blob uploads. */
export async function serveUpload(exchange: Exchange, state: RegistryState): Promise<Reply> {
  const name = exchange.route.repository ?? ""
  const repository = state.repository(name)
  if (exchange.method === "POST") return await begin(exchange, state, name, repository)
  const id = exchange.route.reference ?? ""
  if (exchange.strikes("forgetUpload")) repository.uploads.delete(id)
  const upload = repository.uploads.get(id)
  if (!upload) return errorReply(404, "BLOB_UPLOAD_UNKNOWN", "blob upload unknown to registry")
  const session = new Session(exchange, state, name, repository, upload)
  if (state.quirks.refuseResume && exchange.url.searchParams.get("_state") !== String(upload.size))
    return errorReply(404, "BLOB_UPLOAD_INVALID", "blob upload invalid")
  if (exchange.method === "GET") return session.reply(204)
  if (exchange.method === "PATCH") return await session.patch()
  if (exchange.method === "PUT") return await session.close()
  if (exchange.method === "DELETE") {
    repository.uploads.delete(id)
    return { status: 204 }
  }
  return errorReply(405, "UNSUPPORTED", "the operation is unsupported")
}

async function begin(exchange: Exchange, state: RegistryState, name: string, repository: Repository): Promise<Reply> {
  const { searchParams } = exchange.url
  const mounted = searchParams.get("mount")
  if (mounted !== null) {
    const content = state.repositories.get(searchParams.get("from") ?? "")?.blobs.get(mounted)
    const refused = state.quirks.mountAlways202 || exchange.strikes("mountRefused")
    if (content && !refused) {
      repository.blobs.set(mounted, content)
      return created(exchange, state, name, mounted)
    }
  }
  const upload = new Upload()
  repository.uploads.set(upload.id, upload)
  const session = new Session(exchange, state, name, repository, upload)
  if (searchParams.has("digest") && state.quirks.singlePost !== false) return await session.close()
  for await (const _ of exchange.body());
  return session.reply(202)
}

function created(exchange: Exchange, state: RegistryState, name: string, digest: string): Reply {
  const location = state.location(exchange, `/v2/${name}/blobs/${digest}`)
  return { status: 201, headers: { location, "docker-content-digest": digest } }
}

class Session {
  readonly #exchange: Exchange
  readonly #state: RegistryState
  readonly #name: string
  readonly #repository: Repository
  readonly #upload: Upload

  constructor(exchange: Exchange, state: RegistryState, name: string, repository: Repository, upload: Upload) {
    this.#exchange = exchange
    this.#state = state
    this.#name = name
    this.#repository = repository
    this.#upload = upload
  }

  /** Where the upload stands; of an empty one the range is `0-0`, as distribution says it. */
  reply(status: 202 | 204): Reply {
    return { status, headers: this.#headers() }
  }

  async patch(): Promise<Reply> {
    const { chunkMinLength, noPatch } = this.#state.quirks
    if (noPatch) return errorReply(405, "UNSUPPORTED", "the operation is unsupported")
    if (this.#exchange.strikes("refuseOffset") || this.#upload.shortChunk || !this.#fits()) return this.#wrongOffset()
    const start = this.#upload.size
    await this.#append()
    if (chunkMinLength !== undefined && this.#upload.size - start < chunkMinLength) this.#upload.shortChunk = true
    return this.reply(202)
  }

  async close(): Promise<Reply> {
    const digest = this.#exchange.url.searchParams.get("digest") ?? ""
    if (!this.#fits()) return this.#wrongOffset()
    await this.#append()
    this.#repository.uploads.delete(this.#upload.id)
    const content = this.#upload.finish(digest)
    if (!content) return errorReply(400, "DIGEST_INVALID", "provided digest did not match uploaded content")
    this.#repository.blobs.set(digest, content)
    return created(this.#exchange, this.#state, this.#name, digest)
  }

  async #append(): Promise<void> {
    const write = this.#upload.write()
    for await (const piece of this.#exchange.body()) {
      if (!write(piece)) {
        this.#exchange.cut()
        throw new ConnectionCut()
      }
    }
  }

  #fits(): boolean {
    const range = this.#exchange.incoming.headers["content-range"]
    if (range === undefined) return true
    const match = /^(\d+)-(\d+)$/.exec(range)
    if (!match) return false
    const length = Number(match[2]) - Number(match[1]) + 1
    const declared = this.#exchange.incoming.headers["content-length"]
    return Number(match[1]) === this.#upload.size && (declared === undefined || Number(declared) === length)
  }

  #wrongOffset(): Reply {
    return errorReply(416, "RANGE_INVALID", "invalid content range", this.#headers())
  }

  #headers(): Record<string, string> {
    const { id, size } = this.#upload
    const { chunkMinLength } = this.#state.quirks
    return {
      location: this.#state.location(this.#exchange, `/v2/${this.#name}/blobs/uploads/${id}?_state=${size}`),
      range: `0-${Math.max(0, size - 1)}`,
      "docker-upload-uuid": id,
      ...(chunkMinLength === undefined ? {} : { "oci-chunk-min-length": String(chunkMinLength) }),
    }
  }
}
