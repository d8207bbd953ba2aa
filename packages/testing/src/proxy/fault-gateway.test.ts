import { expect, test } from "vitest"
import { contentBytes } from "../images/blob-content.ts"
import { image } from "../images/image.ts"
import type { Fault } from "../registry/fault.ts"
import { type TestRegistry, testRegistry } from "../registry/test-registry.ts"
import { RegistryClient } from "../registry-client.ts"
import { type FaultGateway, faultGateway } from "./fault-gateway.ts"

const app = image({ seed: "behind a gateway", layers: [{ sizeBytes: 300_000 }] })
const [, [digest, content]] = [...app.blobs] as [unknown, [string, { sizeBytes: number }]]

async function behind(work: (ends: { hub: TestRegistry; gateway: FaultGateway; client: RegistryClient }) => Promise<void>) {
  await using hub = await testRegistry({ images: { "a/b:1": app } })
  await using gateway = await faultGateway(hub.host)
  await work({ hub, gateway, client: new RegistryClient({ origin: gateway.origin }) })
}

test("passes everything on, and counts it", () =>
  behind(async ({ hub, gateway, client }) => {
    await client.push("c/d:2", app)
    expect(hub.holds("c/d:2", app)).toBe(true)
    expect(await client.holds("a/b:1", app)).toBe(true)
    expect(gateway.requests.map(({ method, path, status }) => [method, path.split("?")[0], status])).toEqual(
      hub.requests.map(({ method, path, status }) => [method, path.split("?")[0], status]),
    )
    expect([gateway.bytesIn(), gateway.bytesOut()]).toEqual([hub.bytesIn(), hub.bytesOut()])
  }))

test("is the registry's name in its Locations", async () => {
  await using hub = await testRegistry({ quirks: { absoluteLocations: true } })
  await using gateway = await faultGateway(hub.host)
  const begun = await new RegistryClient({ origin: gateway.origin }).request("POST", "/v2/a/b/blobs/uploads/")
  expect(begun.headers.location).toContain(gateway.origin)
})

test.each<[string, Fault, (body: Buffer) => boolean]>([
  ["changes a byte", { as: "corrupt", at: 100_000 }, (body) => body.length === content.sizeBytes],
  ["adds bytes", { as: "longer", extraBytes: 5 }, (body) => body.length === content.sizeBytes + 5],
  ["ends a chunked body early", { as: "truncate", after: 1000, chunked: true }, (body) => body.length === 1000],
])("%s", (_, fault, fits) =>
  behind(async ({ gateway, client }) => {
    gateway.fail("GET blob", fault)
    const wrong = (await client.request("GET", `/v2/a/b/blobs/${digest}`)).body
    expect(fits(wrong)).toBe(true)
    const whole = contentBytes(app.blobs.get(digest) as never)
    expect(wrong.equals(whole)).toBe(false)
    expect((await client.request("GET", `/v2/a/b/blobs/${digest}`)).body.equals(whole)).toBe(true)
  }),
)

test("cuts a request's body at its byte, and the registry has what came before", () =>
  behind(async ({ hub, gateway, client }) => {
    gateway.fail("PUT upload", { as: "reset", after: 100_000 })
    await expect(client.push("c/d:2", app)).rejects.toThrow()
    expect(gateway.bytesIn("PUT upload")).toBeGreaterThanOrEqual(100_000)
    expect(hub.bytesIn("PUT upload")).toBeLessThan(content.sizeBytes)
    expect(hub.openUploads()).toBe(1)
  }))

test("loses an answer after the registry has done what was asked", () =>
  behind(async ({ hub, gateway, client }) => {
    gateway.fail("PUT manifest", { as: "lostReply" })
    await expect(client.push("c/d:2", app)).rejects.toThrow()
    expect(hub.holds("c/d:2", app)).toBe(true)
  }))

test("takes blobs out of the real registry", () =>
  behind(async ({ hub, gateway, client }) => {
    gateway.fail("PUT manifest", { as: "collect", digests: [digest] })
    await expect(client.push("c/d:2", app)).rejects.toThrow("MANIFEST_BLOB_UNKNOWN")
    expect(hub.blob("c/d", digest)).toBeUndefined()
  }))

test("asks the registry without a range, or for other bytes", () =>
  behind(async ({ gateway, client }) => {
    gateway.fail("GET blob", { as: "ignoreRange" })
    gateway.fail("GET blob", { as: "wrongRange" })
    const range = { range: "bytes=10-19" }
    expect((await client.request("GET", `/v2/a/b/blobs/${digest}`, range)).status).toBe(200)
    const other = await client.request("GET", `/v2/a/b/blobs/${digest}`, range)
    expect([other.status, other.headers["content-range"]]).toEqual([206, `bytes 9-18/${content.sizeBytes}`])
  }))
