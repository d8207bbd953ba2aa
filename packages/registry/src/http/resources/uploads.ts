import { type Digest, isDigest } from "@entrepot/core"
import { RegistryError } from "../../registry-error.ts"
import type { HostedRepository, UploadSession } from "../../warehouse/hosted-repository.ts"
import { type ByteRange, parseContentRange } from "../byte-range.ts"
import type { Exchange } from "../exchange.ts"
import { invalidDigest } from "../invalid-digest.ts"
import { type RepositoryVisit, writable } from "../repository-visit.ts"
import { requestBody } from "../request-body.ts"
import type { RouteOf } from "../route.ts"
import { sendError } from "../send-error.ts"
import { mountBlob } from "./mount-blob.ts"

type UploadRoute = RouteOf<"uploads" | "upload">

/** POST (distribution-spec, "Pushing blobs"): mounts, takes a blob whole with `digest=`, or begins a session. */
export async function beginUpload(visit: RepositoryVisit, route: RouteOf<"uploads">): Promise<void> {
  const { exchange } = visit
  const { query } = exchange
  const repository = writable(visit)
  const mount = query.get("mount")
  if (mount !== null) {
    const digest = digestOf(mount)
    if (await mountBlob(visit, repository, digest)) return sendCreated(exchange, route, digest)
  }
  const given = query.get("digest")
  const digest = given === null ? undefined : digestOf(given)
  const session = await repository.beginUpload({ algorithm: algorithmOf(digest, query.get("digest-algorithm")) })
  if (digest === undefined) return sendSession(exchange, route, session, 202)
  await repository.finishUpload(session.id, digest, undefined, bodyOf(exchange), exchange.signal)
  sendCreated(exchange, route, digest)
}

/** PATCH: adds what is in the body, a stream or, with Content-Range, the next chunk. */
export async function continueUpload(visit: RepositoryVisit, route: RouteOf<"upload">): Promise<void> {
  const { exchange } = visit
  const repository = writable(visit)
  const range = contentRangeOf(exchange)
  await inOrder(visit, route, repository, async () => {
    const session = await repository.appendUpload(route.id, range?.from, bodyOf(exchange, range), exchange.signal)
    sendSession(exchange, route, session, 202)
  })
}

/** PUT: adds what is in the body, if anything, and makes the blob. */
export async function finishUpload(visit: RepositoryVisit, route: RouteOf<"upload">): Promise<void> {
  const { exchange } = visit
  const repository = writable(visit)
  const given = exchange.query.get("digest")
  if (given === null)
    throw new RegistryError("DIGEST_INVALID", "the digest of the whole blob is missing: PUT the upload with ?digest=")
  const digest = digestOf(given)
  const range = contentRangeOf(exchange)
  await inOrder(visit, route, repository, async () => {
    await repository.finishUpload(route.id, digest, range?.from, bodyOf(exchange, range), exchange.signal)
    sendCreated(exchange, route, digest)
  })
}

/** GET: how far a session has come. */
export async function sendUploadStatus(visit: RepositoryVisit, route: RouteOf<"upload">): Promise<void> {
  sendSession(visit.exchange, route, await writable(visit).upload(route.id), 204)
}

/** DELETE: drops a session with its bytes. */
export async function cancelUpload(visit: RepositoryVisit, route: RouteOf<"upload">): Promise<void> {
  await writable(visit).cancelUpload(route.id)
  visit.exchange.sendEmpty(204)
}

/** A client that is out of step is told where the session stands. */
async function inOrder(
  { exchange }: RepositoryVisit,
  route: RouteOf<"upload">,
  repository: HostedRepository,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (!(error instanceof RegistryError) || error.code !== "RANGE_INVALID") throw error
    sendError(exchange, error, sessionHeaders(route, await repository.upload(route.id)))
  }
}

function sendSession(exchange: Exchange, route: UploadRoute, session: UploadSession, status: 202 | 204): void {
  exchange.sendEmpty(status, sessionHeaders(route, session))
}

/** A path alone, so that it leads back through whatever proxy the client came by. Range is inclusive, and knows no way to say nothing. */
function sessionHeaders({ name }: UploadRoute, { id, offset }: UploadSession): readonly string[] {
  return [
    ...["Location", `/v2/${name}/blobs/uploads/${id}`],
    ...["Range", `0-${Math.max(0, offset - 1)}`],
    ...["Docker-Upload-UUID", id],
  ]
}

function sendCreated(exchange: Exchange, { name }: UploadRoute, digest: Digest): void {
  exchange.sendEmpty(201, ["Location", `/v2/${name}/blobs/${digest}`, "Docker-Content-Digest", digest])
}

function digestOf(text: string): Digest {
  if (isDigest(text)) return text
  throw invalidDigest(text)
}

function algorithmOf(digest: Digest | undefined, announced: string | null): "sha256" | "sha512" {
  if (digest !== undefined) return digest.startsWith("sha512:") ? "sha512" : "sha256"
  if (announced === null || announced === "sha256" || announced === "sha512") return announced ?? "sha256"
  throw new RegistryError("UNSUPPORTED", "digests are sha256 or sha512 here", {
    status: 400,
    detail: { algorithm: announced.slice(0, 100) },
  })
}

function contentRangeOf({ request }: Exchange): ByteRange | undefined {
  const { "content-range": header, "content-length": declared } = request.headers
  if (header === undefined) return undefined
  const range = parseContentRange(header)
  if (range === undefined)
    throw new RegistryError("BLOB_UPLOAD_INVALID", "Content-Range is FIRST-LAST: the chunk's first and last byte")
  if (declared !== undefined && Number(declared) !== range.to - range.from)
    throw new RegistryError("SIZE_INVALID", "Content-Range and Content-Length tell different sizes")
  return range
}

function bodyOf(exchange: Exchange, range?: ByteRange) {
  return requestBody(exchange.request, {
    mostBytes: range === undefined ? undefined : range.to - range.from,
    idleMs: exchange.parts.bodyIdleMs,
    onBytes: (count) => {
      exchange.bytes += count
    },
  })
}
