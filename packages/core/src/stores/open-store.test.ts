import { mkdtemp, readdir, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, it } from "vitest"
import { canMount, canRange } from "../content/store.ts"
import { makeContractImage, putContractImage } from "./contract-image.fixture.ts"
import { parseLocation } from "./location.ts"
import { openSource, openTarget, type StoreContext } from "./open-store.ts"
import { copyImage } from "./stores.fixture.ts"

let directory: string
let context: StoreContext
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "open-"))
  const refuse = () => Promise.reject(new Error("no registry is asked"))
  context = { http: { send: refuse, baseUrl: refuse }, cacheDirectory: join(directory, "cache") }
})
afterEach(() => rm(directory, { recursive: true }))

it("carries an image through every local place, unchanged", async () => {
  const image = makeContractImage()
  const places = [
    "cache:test:v1",
    "oci:DIR/layout",
    "oci-archive:DIR/oci.tar:v3",
    "docker-archive:DIR/docker.tar:app:v4",
    "cache:back:v5",
  ]
  const locations = places.map((text) => parseLocation(text.replace("DIR", directory)))
  const [first, ...others] = locations
  if (first === undefined) return expect.unreachable()
  const start = await openTarget(first, context)
  await putContractImage(start.store, image, start.reference)
  await start.store.close()
  let before = first
  for (const location of others) {
    const source = await openSource(before, context)
    const target = await openTarget(location, context)
    await copyImage(source.store, source.reference, target.store, target.reference)
    await target.store.close()
    await source.store.close()
    before = location
  }
  const last = await openSource(before, context)
  expect(await last.store.getManifest(last.reference)).toEqual(image.manifest)
  expect((await readdir(directory)).sort()).toEqual(["cache", "docker.tar", "layout", "oci.tar"])
})

it.each([
  ["nginx", "latest", "latest"],
  ["docker://quay.io/a/b:1", "1", "1"],
  [`quay.io/a/b:1@sha256:${"a".repeat(64)}`, `sha256:${"a".repeat(64)}`, "1"],
])("reads and writes %s at a registry, without asking it yet", async (text, read, written) => {
  const source = await openSource(parseLocation(text), context)
  const target = await openTarget(parseLocation(text), context)
  expect(source.reference).toBe(read)
  expect(target.reference).toBe(written)
  expect(canRange(source.store)).toBe(true)
  expect(canMount(target.store)).toBe(true)
})

it("keeps a name of one part as it is written, and finds what Docker Hub's images are kept under", async () => {
  const image = makeContractImage()
  for (const place of ["cache:app:1", "cache:library/nginx:1"]) {
    const { store, reference } = await openTarget(parseLocation(place), context)
    await putContractImage(store, image, reference)
    await store.close()
  }
  expect((await readdir(join(directory, "cache/manifests"))).sort()).toEqual(["app", "library"])
  for (const place of ["cache:app:1", "cache:nginx:1", "cache:library/nginx:1"]) {
    const { store, reference } = await openSource(parseLocation(place), context)
    expect((await store.resolve(reference))?.digest).toBe(image.manifest.descriptor.digest)
  }
})

it("says what cannot be written to, and what is not there to read", async () => {
  await expect(openTarget(parseLocation("docker-archive:a.tar:@1"), context)).rejects.toMatchObject({
    code: "usage",
    message: "docker-archive:a.tar:@1 cannot be written to: @1 is a place to read",
    hint: "write docker-archive:a.tar:nginx:latest",
  })
  await expect(openSource(parseLocation(`oci:${directory}/none`), context)).rejects.toMatchObject({ code: "not_found" })
  await expect(openSource(parseLocation(`oci-archive:${directory}/none`), context)).rejects.toMatchObject({ code: "not_found" })
  await expect(openSource(parseLocation(`docker-archive:${directory}/none`), context)).rejects.toMatchObject({
    code: "not_found",
  })
  const { store, reference } = await openSource(parseLocation("cache:none"), context)
  await expect(store.getManifest(reference)).rejects.toMatchObject({
    code: "not_found",
    message: "the cache has no none:latest",
    hint: "`list` shows what the cache has; `pull` brings an image into it",
  })
  expect(await readdir(directory)).toEqual([])
})
