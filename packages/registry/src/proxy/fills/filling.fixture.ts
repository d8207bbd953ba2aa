import { createHttp, type Descriptor, digestOf, openRemote, TransferSession } from "@entrepot/core"
import { createDiskBlobStore } from "../../blobs/disk-blob-store.ts"
import { Fills } from "./fills.ts"

export interface FillingOptions {
  readonly directory: string
  readonly host: string
  readonly repository: string
  readonly blobs: readonly Descriptor[]
}

/**
 * Run as its own process with FillingOptions as JSON: says `ready`, reads all blobs through, and writes what became of each: `right`, `wrong`, or the
 * error. Blobs that are stored are read from the store. Then it says `done` and ends.
 */
const { directory, host, repository, blobs: wanted } = JSON.parse(process.argv[2] ?? "{}") as FillingOptions
const say = (line: string) => void process.stdout.write(`${line}\n`)
const blobs = await createDiskBlobStore({ directory, patienceMs: 5000 })
const http = createHttp()
const fills = new Fills({
  blobs,
  warehouse: {
    commitBlob: (_, partial, digest) => partial.commit(digest),
    adoptBlob: async () => true,
    makeRoom: async () => false,
  },
  session: new TransferSession({ maxRanges: 1 }),
  log: { info: () => {}, warn: (_, message) => say(message) },
})
const source = openRemote({ host, repository, http })
say("ready")
await Promise.all(
  wanted.map(async (blob) => {
    const { signal } = new AbortController()
    const range = { from: 0, to: blob.size }
    const stored = await blobs.stat(blob.digest)
    const served = await fills.open({ repositoryId: 1, blob, sources: [source] })
    const chunks: Buffer[] = []
    for await (const chunk of await (stored ? blobs.read(blob.digest, range) : served.read(range, signal))) chunks.push(chunk)
    say(digestOf(Buffer.concat(chunks)) === blob.digest ? "right" : "wrong")
  }),
)
say("done")
await fills.close()
await blobs.close()
await http.close()
