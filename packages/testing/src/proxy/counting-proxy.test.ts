import { expect, it } from "vitest"
import { image } from "../images/image.ts"
import { testRegistry } from "../registry/test-registry.ts"
import { RegistryClient } from "../registry-client.ts"
import { countingProxy } from "./counting-proxy.ts"

it("counts requests and bytes on both ways, and changes nothing", async () => {
  const made = image({ seed: "counted", layers: [{ sizeBytes: 200_000 }] })
  await using hub = await testRegistry({ quirks: { absoluteLocations: true } })
  await using proxy = await countingProxy(hub.host)
  const client = new RegistryClient({ origin: proxy.origin })
  await client.push("x:1", made)
  expect(hub.holds("x:1", made)).toBe(true)
  expect([proxy.count("* upload"), proxy.count("PUT manifest"), proxy.requests.length]).toEqual([4, 1, hub.requests.length])
  expect(proxy.bytesIn()).toBe(hub.bytesIn())
  proxy.clear()
  expect(await client.holds("x:1", made)).toBe(true)
  const layer = [...made.blobs.keys()][1] ?? ""
  expect((await client.blob("x", layer))?.length).toBe(200_000)
  expect([proxy.bytesOut("GET blob"), proxy.count("HEAD blob")]).toEqual([200_000, 2])
})

it("cuts the client off when the registry breaks", async () => {
  const made = image({ seed: "counted", layers: [{ sizeBytes: 200_000 }] })
  await using hub = await testRegistry({ images: { "x:1": made } })
  await using proxy = await countingProxy(hub.host)
  hub.fail("GET blob", { as: "reset", after: 1000 })
  hub.fail("GET manifest", { as: "reset" })
  const client = new RegistryClient({ origin: proxy.origin })
  await expect(client.blob("x", [...made.blobs.keys()][1] ?? "")).rejects.toThrow("aborted")
  await expect(client.manifest("x", "1")).rejects.toThrow("socket hang up")
})
