import { mkdtemp, open, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { blobStoreContract } from "./blob-store-contract.ts"
import { createDiskBlobStore } from "./disk-blob-store.ts"

blobStoreContract("a directory", async () => {
  const directory = await mkdtemp(join(tmpdir(), "entrepot-blobs-"))
  return {
    open: () => createDiskBlobStore({ directory, patienceMs: 50 }),
    async damage(digest) {
      const [algorithm = "", hex = ""] = digest.split(":")
      const file = await open(join(directory, "blobs", algorithm, hex.slice(0, 2), hex), "r+")
      const { buffer } = await file.read(Buffer.alloc(1), 0, 1, 0)
      await file.write(Buffer.from([(buffer[0] ?? 0) ^ 1]), 0, 1, 0)
      await file.close()
    },
    dispose: () => rm(directory, { recursive: true }),
  }
})
