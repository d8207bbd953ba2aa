import { createHash } from "node:crypto"
import { mediaTypes } from "../content/media-types.ts"
import type { TargetStore } from "../content/store.ts"
import { openCache } from "./cache/cache-store.ts"
import { openOciLayout } from "./oci-layout/oci-layout-store.ts"

/**
 * Run as its own process: `cache|layout DIRECTORY NAME COUNT` puts COUNT images under tags that begin with NAME; every third layer is the same in
 * all processes. `stall DIRECTORY` puts half of a blob into the cache, prints a line, and waits to be killed.
 */
const [mode = "", directory = "", name = "", count = "0"] = process.argv.slice(2)

function describeBytes(mediaType: string, bytes: Buffer) {
  return { mediaType, digest: `sha256:${createHash("sha256").update(bytes).digest("hex")}`, size: bytes.length }
}

async function put(store: TargetStore, mediaType: string, bytes: Buffer) {
  const descriptor = describeBytes(mediaType, bytes)
  const body = {
    descriptor,
    async *read(offset: number) {
      for (let at = offset; at < bytes.length; at += 4096) yield bytes.subarray(at, at + 4096)
    },
  }
  await store.putBlob(descriptor, body)
  return descriptor
}

async function putImages(store: TargetStore) {
  for (let i = 0; i < Number(count); i++) {
    const layer = await put(store, mediaTypes.ociLayerTar, Buffer.alloc(20_000, i % 3 === 0 ? `shared ${i}` : `${name} ${i}`))
    const config = await put(
      store,
      mediaTypes.ociConfig,
      Buffer.from(JSON.stringify({ os: "linux", architecture: "amd64", name, i })),
    )
    const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociManifest, config, layers: [layer] }))
    await store.putManifest(`${name}-${i}`, { descriptor: describeBytes(mediaTypes.ociManifest, bytes), bytes })
  }
  await store.close()
}

async function stall() {
  const store = await openCache(directory, "library/test", { write: true })
  const bytes = Buffer.alloc(4 * 1024 * 1024, "stalls")
  const descriptor = describeBytes(mediaTypes.ociLayerTar, bytes)
  const body = {
    descriptor,
    async *read() {
      yield bytes.subarray(0, 2 * 1024 * 1024)
      process.stdout.write("half\n")
      await new Promise(() => setInterval(() => undefined, 1000))
    },
  }
  await store.putBlob(descriptor, body)
}

if (mode === "stall") await stall()
else if (mode === "layout") await putImages(await openOciLayout(directory, { create: true }))
else await putImages(await openCache(directory, "library/test", { write: true }))
