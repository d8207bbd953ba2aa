import { image, testRegistry } from "@entrepot/testing"
import { expect, test } from "vitest"
import { registryServer } from "./http/registry-server.fixture.ts"
import { upstreamAt } from "./proxy/proxy.fixture.ts"

test("an image of another registry is read through its upstream once, and stays when the upstream has gone", async () => {
  const nginx = image({ seed: "nginx" })
  await using hub = await testRegistry()
  hub.add("library/nginx:latest", nginx)
  await using server = await registryServer({ upstreams: [upstreamAt(hub)] })
  const holds = (name: string) => server.anyone.holds(name, nginx)
  expect(await holds("library/nginx:latest")).toBe(true)
  expect(await holds("hub.test/library/nginx:latest")).toBe(true)
  for (const [digest, bytes] of nginx.blobs) {
    expect((await server.anyone.blob("library/nginx", digest))?.equals(Buffer.concat([...bytes.read()]))).toBe(true)
    expect((await server.anyone.blob("library/nginx", digest))?.length).toBe(bytes.sizeBytes)
  }
  expect(hub.count("GET blob")).toBe(nginx.blobs.size)
  await hub.close()
  expect(await holds("library/nginx:latest")).toBe(true)
  expect(server.mistakes).toEqual([])
})
