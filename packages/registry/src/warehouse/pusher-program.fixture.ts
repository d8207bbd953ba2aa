import { randomBytes } from "node:crypto"
import { type Descriptor, digestOf, mediaTypes } from "@entrepot/core"
import { bodyOf, calm, imageOf, openIn, pushBlob } from "./warehouse.fixture.ts"

/**
 * Run as a process of its own with the directory of a warehouse: pushes images without end, collecting beside it, and says on stdout what it is about to
 * tag and what was acknowledged, a line each. It is killed.
 */
const test = await openIn(process.argv[2] ?? "", { graceMs: 1500, memoMs: 5, touchEveryMs: 20 })
const say = (line: string) => process.stdout.write(`${line}\n`)
const repository = test.hosted("team/app")
const old = randomBytes(5000)

async function pushInChunks(bytes: Buffer): Promise<Descriptor> {
  const { id } = await repository.beginUpload()
  const half = Math.floor(bytes.length / 2)
  await repository.appendUpload(id, 0, bodyOf(bytes.subarray(0, half)), calm)
  await repository.finishUpload(id, digestOf(bytes), half, bodyOf(bytes.subarray(half)), calm)
  return { mediaType: mediaTypes.ociLayerGzip, digest: digestOf(bytes), size: bytes.length }
}

async function push(at: number): Promise<void> {
  const layers = [
    await pushInChunks(randomBytes(1 + Math.floor(Math.random() * 300_000))),
    await pushBlob(repository, randomBytes(1 + Math.floor(Math.random() * 3000))),
    // The same bytes again and again, which come and go.
    await pushBlob(repository, old),
  ]
  const bytes = imageOf(await pushBlob(repository, Buffer.from("{}")), layers)
  const tag = `v${at % 4}`
  say(`begin ${tag} ${digestOf(bytes)}`)
  await repository.putManifest(tag, mediaTypes.ociManifest, bytes)
  say(`done ${tag} ${digestOf(bytes)}`)
  if (at % 3 === 0) await repository.deleteManifest(digestOf(bytes))
  if (at % 3 === 0) say(`deleted ${tag} ${digestOf(bytes)}`)
}

async function pushWithoutEnd(first: number): Promise<never> {
  for (let at = first; ; at += 2) {
    await push(at).catch((error: unknown) => {
      // Collected meanwhile: the client pushes again.
      if (!(error instanceof Error && "code" in error && error.code === "MANIFEST_BLOB_UNKNOWN")) throw error
    })
  }
}

async function collectWithoutEnd(): Promise<never> {
  for (;;) {
    await test.warehouse.collectGarbage()
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

say("ready")
await Promise.all([pushWithoutEnd(0), pushWithoutEnd(1), collectWithoutEnd()])
