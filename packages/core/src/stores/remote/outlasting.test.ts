import { testRegistry } from "@entrepot/testing"
import { expect, test } from "vitest"
import { outlasting } from "./outlasting.ts"
import { blobOf, bodyOf, someBytes, testHttp } from "./remote.fixture.ts"
import { openRemote } from "./remote-store.ts"

test.each([
  ["an upload", 2_000_000],
  ["a small blob that goes within the POST", 1_000],
])("%s that is cancelled while it is begun is given up at the registry", async (_, size) => {
  await using hub = await testRegistry({ quirks: { singlePost: false } })
  await using http = testHttp()
  const remote = openRemote({ host: hub.host, repository: "team/app", http, side: "target" })
  const content = someBytes(size)
  const stop = new AbortController()
  hub.fail("POST upload", { as: "stall", forMs: 60 })
  setTimeout(() => stop.abort(), 20)
  await expect(remote.putBlob(blobOf(content), bodyOf(content), { signal: stop.signal })).rejects.toThrow()
  expect([hub.count("POST upload"), hub.count("DELETE upload"), hub.openUploads()]).toEqual([1, 1, 0])
})

test("a registry that does not answer is waited for no longer than the grace", async () => {
  const stop = new AbortController()
  const work = outlasting(stop.signal, 20, (signal) => new Promise((_, reject) => signal.addEventListener("abort", reject)))
  stop.abort()
  await expect(work).rejects.toBeDefined()
  await expect(outlasting(stop.signal, 20, async () => "begun")).rejects.toThrow("cancelled")
})
