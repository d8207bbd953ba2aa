import { randomBytes } from "node:crypto"
import { digestOf } from "@entrepot/core"
import { createDiskBlobStore } from "./disk-blob-store.ts"

/**
 * Run as a process of its own with the path of a directory: fills and commits blobs without end, small and large ones beside each other, and says on
 * stdout how long the store took to open, and what was committed, a line each. It is killed.
 */
const started = performance.now()
const store = await createDiskBlobStore({ directory: process.argv[2] ?? "" })
const say = (line: string) => process.stdout.write(`${line}\n`)
say(`open ${Math.round(performance.now() - started)}`)

async function fill(name: string, sizeBytes: number): Promise<never> {
  for (;;) {
    const partial = await store.openPartial(name)
    // What an earlier process left is gone on with.
    say(`found ${name} ${partial.sizeBytes}`)
    while (partial.sizeBytes < sizeBytes) await partial.append([randomBytes(Math.min(100_000, sizeBytes - partial.sizeBytes))])
    const digest = await partial.digest()
    await partial.commit(digest)
    await partial.close()
    say(`committed ${digest}`)
  }
}

const same = Buffer.alloc(50_000, "the same in every process")

async function fillSame(): Promise<never> {
  for (;;) {
    const partial = await store.openPartial("same")
    await partial.reset()
    await partial.append([same])
    await partial.commit(digestOf(same))
    await partial.close()
    await store.delete(digestOf(same))
  }
}

await Promise.race([fill("small", 20_000), fill("middle", 900_000), fill("large", 3_000_000), fillSame()])
