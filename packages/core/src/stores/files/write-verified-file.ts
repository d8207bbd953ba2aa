import type { FileHandle } from "node:fs/promises"
import { basename, dirname } from "node:path"
import type { Descriptor } from "../../content/descriptor.ts"
import { DigestVerifier } from "../../content/digest.ts"
import type { BlobBody, PutOptions } from "../../content/store.ts"
import { TransferError } from "../../errors/transfer-error.ts"
import { throwIfCancelled } from "./local-io-error.ts"
import { openInDirectory } from "./open-in-directory.ts"
import { readHandleBytes } from "./read-file-bytes.ts"

/** Written at once: fewer system calls, and no more than this is fetched again after a kill (RELIABILITY, fault 4). */
const batchBytes = 1024 * 1024

/**
 * Brings the file at `path` to the blob's bytes: what is there already is hashed and kept, the rest is read from `body`. The file is synced when
 * this returns (unless `durable` is false) and has exactly the promised bytes. After a failure it keeps what has arrived.
 * @throws TransferError `digest_mismatch`, `network` for a body that ends early, `cancelled`, and what `body` throws.
 */
export async function writeVerifiedFile(
  path: string,
  blob: Descriptor,
  body: BlobBody,
  durable: boolean,
  options: PutOptions,
): Promise<void> {
  const handle = await openInDirectory(dirname(path), basename(path), "a+")
  try {
    const verifier = new DigestVerifier(blob.digest)
    const start = await hashKept(handle, path, blob, verifier)
    if (start > 0) {
      options.onLog?.(`going on with ${blob.digest} at byte ${start} of ${blob.size}`)
      options.onProgress?.(start)
    }
    if (start < blob.size || blob.size === 0) await append(handle, blob, body, start, verifier, options)
    verifier.verify()
    if (durable) await handle.datasync()
  } finally {
    await handle.close()
  }
}

async function hashKept(handle: FileHandle, path: string, blob: Descriptor, verifier: DigestVerifier): Promise<number> {
  const { size } = await handle.stat()
  if (size > blob.size) {
    await handle.truncate(0)
    return 0
  }
  for await (const chunk of readHandleBytes(handle, path, 0, size)) verifier.update(chunk)
  return size
}

async function append(
  handle: FileHandle,
  blob: Descriptor,
  body: BlobBody,
  start: number,
  verifier: DigestVerifier,
  options: PutOptions,
): Promise<void> {
  let offset = start
  let batch: Buffer[] = []
  let batched = 0
  // One write is under way while the next batch gathers and is hashed.
  let writing = Promise.resolve()
  const flush = async () => {
    const chunks = batch
    batch = []
    batched = 0
    await writing
    writing = appendChunks(handle, chunks)
    writing.catch(() => undefined)
  }
  try {
    for await (const chunk of body.read(start)) {
      throwIfCancelled(options.signal)
      if (offset + chunk.length > blob.size) {
        throw new TransferError("digest_mismatch", `more bytes came for ${blob.digest} than its ${blob.size}`)
      }
      verifier.update(chunk)
      offset += chunk.length
      batch.push(chunk)
      batched += chunk.length
      if (batched >= batchBytes) await flush()
      options.onProgress?.(offset)
    }
  } finally {
    await flush()
    await writing
  }
  throwIfCancelled(options.signal)
  if (offset !== blob.size) throw new TransferError("network", `${blob.digest} ended at byte ${offset} of ${blob.size}`)
}

async function appendChunks(handle: FileHandle, chunks: readonly Buffer[]): Promise<void> {
  if (chunks.length === 0) return
  const { bytesWritten } = await handle.writev(chunks)
  const wanted = chunks.reduce((sum, chunk) => sum + chunk.length, 0)
  // A disk that fills up takes a part first and says so only the next time.
  if (bytesWritten < wanted) await handle.appendFile(Buffer.concat(chunks).subarray(bytesWritten))
}
