import type { Digest } from "@entrepot/core"
import type { WarehouseParts } from "../build-warehouse.ts"

/** Files that are looked at together. */
const batch = 200

/** Forgets rows whose file is missing or has another size. Ends early when `signal` is aborted. Returns how many it forgot. */
export async function reconcile(parts: WarehouseParts, signal: AbortSignal): Promise<number> {
  let forgotten = 0
  for (let after: Digest | undefined; !signal.aborted; ) {
    const records = await parts.store.listBlobs({ ...(after === undefined ? {} : { after }), limit: batch })
    const found = await Promise.all(records.map(({ digest }) => parts.files.stat(digest)))
    forgotten += await parts.blobs.giveUpAll(records.filter(({ sizeBytes }, index) => found[index]?.sizeBytes !== sizeBytes))
    after = records.at(-1)?.digest
    if (records.length < batch) break
  }
  return forgotten
}
