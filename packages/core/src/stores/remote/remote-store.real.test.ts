import { dockerRegistry, needs } from "@entrepot/testing"
import { describe, expect, test } from "vitest"
import { mediaTypes } from "../../content/media-types.ts"
import { isTransferError } from "../../errors/transfer-error.ts"
import { blobOf, bodyOf, imageOf, readAll, someBytes, testHttp } from "./remote.fixture.ts"
import { openRemote } from "./remote-store.ts"

describe.skipIf(needs("docker-registry"))("a remote over docker-registry", () => {
  test("an image goes in and comes out byte for byte", async () => {
    await using registry = await dockerRegistry()
    await using http = testHttp()
    const remote = openRemote({ host: registry.host, repository: "library/nginx", http, side: "target" })
    const config = Buffer.from("{}")
    const layer = someBytes(9_000_001)
    const image = imageOf(config, layer)
    expect(await remote.hasBlob(blobOf(layer))).toBe(false)
    expect(await remote.resolve("latest")).toBeUndefined()
    const offsets: number[] = []
    await remote.putBlob(blobOf(config), bodyOf(config))
    await remote.putBlob(blobOf(layer), bodyOf(layer), { onProgress: (offset) => offsets.push(offset) })
    await remote.putManifest("latest", image)

    expect(offsets.at(-1)).toBe(layer.length)
    expect(await remote.hasBlob(blobOf(layer))).toBe(true)
    expect(await remote.resolve("latest")).toEqual({ ...image.descriptor })
    expect((await remote.getManifest("latest")).bytes.equals(image.bytes)).toBe(true)
    expect((await remote.getManifest(image.descriptor.digest)).descriptor.mediaType).toBe(mediaTypes.ociManifest)
    expect((await readAll(await remote.openBlob(blobOf(layer)))).equals(layer)).toBe(true)
    const part = await remote.openBlob(blobOf(layer), { from: 100, to: 300 })
    expect(part.offset).toBe(100)
    expect((await readAll(part)).equals(layer.subarray(100, 300))).toBe(true)
    await remote.deleteManifest(image.descriptor.digest)
    expect(await remote.resolve("latest")).toBeUndefined()
    const missing = await remote.getManifest("latest").catch((error: unknown) => error)
    expect(isTransferError(missing, "not_found")).toBe(true)
  })
})
