import type { Descriptor } from "../content/descriptor.ts"
import { canMount, type SourceStore, type TargetStore } from "../content/store.ts"
import { isTransferError, TransferError } from "../errors/transfer-error.ts"
import { BlobFetch } from "./fetch-blob.ts"
import type { TransferSession } from "./session.ts"
import { VerifiedBody } from "./verified-body.ts"

/** What became of a blob, with the bytes that went to the target for it. */
export interface BlobResult {
  readonly how: "present" | "mounted" | "sent"
  readonly bytesSent: number
}

export interface BlobReport {
  /** Bytes that have arrived; may go back. */
  progress(offset: number): void
  connections(count: number): void
  retrying(offset: number, why: TransferError, waitMs: number): void
  log(message: string): void
}

export interface CopyBlobOptions {
  readonly from: SourceStore
  /** Other places with the same content, taken when `from` fails. */
  readonly alternatives?: readonly SourceStore[]
  readonly to: TargetStore
  readonly session: TransferSession
  /** Send it even where it is. */
  readonly force?: boolean | undefined
  /** Do not ask whether it is there: it was found that it cannot be. */
  readonly assumeAbsent?: boolean | undefined
  readonly signal: AbortSignal
  readonly report: BlobReport
}

/** The repository of a place that has repositories; the whole place counts as one otherwise. */
export function repositoryOf(store: SourceStore | TargetStore): string {
  return canMount(store) ? store.repository : store.display
}

/**
 * The ladder every blob goes down: already here, mounted from elsewhere on the target, streamed.
 * @throws TransferError with its side.
 */
export async function copyBlob(blob: Descriptor, options: CopyBlobOptions): Promise<BlobResult> {
  const { to, session } = options
  const repository = repositoryOf(to)
  if (!options.force && session.knows(to.host, repository, blob.digest)) return { how: "present", bytesSent: 0 }
  let result: BlobResult = { how: "present", bytesSent: 0 }
  const done = await session.once(to.host, repository, blob, async () => {
    result = await descend(blob, options, repository)
    session.remember(to.host, repository, blob.digest)
  })
  return done === "waited" ? { how: "present", bytesSent: 0 } : result
}

async function descend(blob: Descriptor, options: CopyBlobOptions, repository: string): Promise<BlobResult> {
  const { from, to, session, signal } = options
  try {
    if (!options.force) {
      if (!options.assumeAbsent && (await to.hasBlob(blob, signal))) {
        session.foundBlob(to.host, repository)
        return { how: "present", bytesSent: 0 }
      }
      const sibling =
        from.host === to.host && canMount(from) ? from.repository : session.siblingWith(to.host, repository, blob.digest)
      if (canMount(to) && sibling !== undefined && (await to.mountBlob(blob, sibling, signal)))
        return { how: "mounted", bytesSent: 0 }
    }
  } catch (error) {
    throw isTransferError(error) ? error.with({ side: "target", host: to.host }) : error
  }
  return { how: "sent", bytesSent: await streamBlob(blob, options) }
}

/** Streams it; wrong bytes are fetched once more, from another place first where there is one (fault 11). */
async function streamBlob(blob: Descriptor, options: CopyBlobOptions): Promise<number> {
  const sources = [options.from, ...(options.alternatives ?? [])]
  const first = await attempt(blob, options, sources)
  if (first.error === undefined) return first.bytesSent
  if (!isTransferError(first.error, "digest_mismatch") || options.signal.aborted) throw first.error
  options.report.log(`${blob.digest} arrived with wrong bytes and is fetched once more`)
  const second = await attempt(blob, options, [...sources.slice(1), options.from])
  if (second.error !== undefined) throw second.error
  return first.bytesSent + second.bytesSent
}

async function attempt(
  blob: Descriptor,
  options: CopyBlobOptions,
  sources: readonly SourceStore[],
): Promise<{ bytesSent: number; error?: unknown }> {
  const { to, session, signal, report } = options
  const [from = options.from] = sources
  let sourceError: unknown
  const body = new VerifiedBody(blob, {
    pace: session.pace,
    signal,
    open: async function* (offset, stop) {
      const fetch = new BlobFetch(blob, offset, {
        sources,
        width: session.widthOf(from.host),
        window: session.window,
        retry: session.retry,
        stallMs: session.stallMs,
        signal: stop,
        onRetry: ({ offset: reached, error, waitMs }) => report.retrying(reached, error, waitMs),
        onConnections: (count) => report.connections(count),
      })
      try {
        yield* fetch.bytes()
      } catch (error) {
        sourceError = isTransferError(error) ? error.with({ side: "source", host: from.host }) : error
        throw sourceError
      }
    },
  })
  let bytesSent = 0
  let reached = 0
  try {
    await to.putBlob(blob, body, {
      signal,
      onProgress: (offset) => {
        if (offset > reached) bytesSent += offset - reached
        reached = offset
        report.progress(offset)
      },
      onLog: (message) => report.log(message),
    })
    return { bytesSent: Math.max(bytesSent, blob.size) }
  } catch (error) {
    if (signal.aborted) throw new TransferError("cancelled", "cancelled", { cause: error })
    if (body.failure !== undefined) return { bytesSent, error: body.failure.with({ side: "source", host: from.host }) }
    if (sourceError !== undefined) return { bytesSent, error: sourceError }
    return { bytesSent, error: isTransferError(error) ? error.with({ side: "target", host: to.host }) : error }
  } finally {
    body.close()
  }
}
