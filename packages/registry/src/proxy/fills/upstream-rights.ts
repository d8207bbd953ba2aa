import { type Descriptor, TransferError } from "@entrepot/core"
import type { FillSource } from "./fill-request.ts"

/**
 * The upstream that says that whoever asks may have this blob: bytes that somebody else fetched are shared, rights are not (S6).
 * @throws TransferError `not_found` when none of them has it, or what the first one failed with that could not tell.
 */
export async function proveRight(blob: Descriptor, sources: readonly FillSource[], signal: AbortSignal): Promise<FillSource> {
  let failure: unknown
  for (const source of sources) {
    try {
      if (await source.hasBlob(blob, signal)) return source
    } catch (error) {
      if (signal.aborted) throw error
      failure ??= error
    }
  }
  throw (
    failure ??
    new TransferError("not_found", `no upstream has the blob ${blob.digest}`, { side: "source", host: sources[0]?.host })
  )
}
