import type { Descriptor } from "../../content/descriptor.ts"
import type { BlobRead, ByteStream, ReadRange } from "../../content/store.ts"
import { TransferError } from "../../errors/transfer-error.ts"
import type { HttpResponse } from "../../http/http.ts"
import { type Asked, placed, protocolError } from "./registry-error.ts"
import type { RepositoryClient } from "./repository-client.ts"

/**
 * HEAD of a blob. A registry that knows it with another size, or cannot be asked this way, counts as not having it: an upload is always right.
 * @throws TransferError `unauthorized`, `forbidden`, …
 */
export async function hasBlob(client: RepositoryClient, blob: Descriptor, signal?: AbortSignal): Promise<boolean> {
  const what = describe(client, blob)
  const response = await client.send(`blobs/${blob.digest}`, what, { method: "HEAD", signal })
  if ([400, 404, 405].includes(response.status)) {
    await response.body.discard()
    return false
  }
  if (response.status !== 200) throw await client.error(response, what)
  const length = response.headers.get("content-length")
  await response.body.discard()
  return length === undefined || Number(length) === blob.size
}

/**
 * Opens a blob at an offset (distribution-spec, "Pulling blobs"). Part of a blob is asked for by a closed range, since some registries answer
 * 416 to open ones (stereoscope#695). The stream yields exactly what was promised, or throws: `too_large` at the first byte too many, `network`
 * (retryable) when it ends early. Foreign `urls` are never followed.
 * @throws TransferError `not_found`, `protocol` for a 206 that is not what was asked for, …
 */
export async function openBlob(
  client: RepositoryClient,
  blob: Descriptor,
  range: ReadRange = {},
  signal?: AbortSignal,
): Promise<BlobRead> {
  const from = range.from ?? 0
  const to = Math.min(range.to ?? blob.size, blob.size)
  if (from >= to) return { offset: from, bytes: nothing() }
  const what = describe(client, blob)
  const asked = client.asked(what)
  const partial = from > 0 || to < blob.size
  const path = `blobs/${blob.digest}`
  let response = await client.send(path, what, {
    method: "GET",
    ...(partial ? { headers: { range: `bytes=${from}-${to - 1}` } } : {}),
    connection: range.alone ? "own" : "pooled",
    signal,
  })
  if (response.status === 416) {
    await response.body.discard()
    response = await client.send(path, what, { method: "GET", signal })
  }
  if (response.status === 206 && partial) {
    await requireRange(response, asked, from, to, blob.size)
    return { offset: from, bytes: exactly(response, to - from, asked) }
  }
  if (response.status !== 200) {
    if (response.status >= 400) throw await client.error(response, what)
    await response.body.discard()
    throw protocolError(asked, `answered ${response.status}`)
  }
  const length = response.headers.get("content-length")
  if (length !== undefined && Number(length) > blob.size) {
    await response.body.discard()
    throw tooLong(asked, blob.size)
  }
  return { offset: 0, bytes: exactly(response, blob.size, asked) }
}

function describe(client: RepositoryClient, blob: Descriptor): string {
  return `the blob ${client.repository}@${blob.digest}`
}

async function* nothing(): ByteStream {}

/** Yields `size` bytes or throws. */
async function* exactly(response: HttpResponse, size: number, asked: Asked): ByteStream {
  let seen = 0
  try {
    for await (const chunk of response.body) {
      seen += chunk.length
      if (seen > size) throw tooLong(asked, size)
      yield chunk
    }
  } catch (error) {
    throw placed(error, asked)
  }
  if (seen < size) {
    throw new TransferError("network", `${asked.host} ended ${asked.what} after ${seen} of ${size} bytes`, {
      host: asked.host,
      side: asked.side,
    })
  }
}

function tooLong(asked: Asked, size: number): TransferError {
  return new TransferError("too_large", `${asked.host} sends more than the promised ${size} bytes of ${asked.what}`, {
    host: asked.host,
    side: asked.side,
  })
}

/** RFC 9110 section 14.4. */
async function requireRange(response: HttpResponse, asked: Asked, from: number, to: number, size: number): Promise<void> {
  const text = response.headers.get("content-range")
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/i.exec(text ?? "")
  const [, first, last, total] = match ?? []
  if (Number(first) === from && Number(last) === to - 1 && (total === "*" || Number(total) === size)) return
  await response.body.discard()
  const answer = text === undefined ? "without a range" : `with the range "${text.slice(0, 80)}"`
  throw protocolError(asked, `answered bytes ${from}-${to - 1} ${answer}`)
}
