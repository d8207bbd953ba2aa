import type { Database } from "@entrepot/db/stores"
import { type BlobStore, type CareObserver, createDiskBlobStore, Warehouse } from "@entrepot/registry"
import type { Configuration } from "../configuration/configuration.ts"
import type { Log } from "../runtime/runtime.ts"

/** The warehouse of this process, over the database and the directory of blobs; others may have them open too. */
export interface OpenWarehouse {
  readonly warehouse: Warehouse
  readonly blobs: BlobStore
  close(): Promise<void>
}

/** @throws TransferError `local_io` where the directory cannot be made or written. */
export async function openWarehouse(
  { registry }: Pick<Configuration, "registry">,
  stores: Pick<Database, "warehouse">,
  { observer, log, now }: { readonly observer?: CareObserver; readonly log: Log; readonly now: () => number },
): Promise<OpenWarehouse> {
  const blobs = await createDiskBlobStore({ directory: registry.blobDirectory, now })
  const warehouse = new Warehouse({ stores, blobs, log, now, quotaBytes: registry.quotaBytes, observer })
  return {
    warehouse,
    blobs,
    async close() {
      await warehouse.close()
      await blobs.close()
    },
  }
}
