import { testRegistry } from "@entrepot/testing"
import { expect, test } from "vitest"
import { blobOf, bodyOf, scriptedRegistry, someBytes, testHttp } from "./remote.fixture.ts"
import { openRemote } from "./remote-store.ts"

const bytes = someBytes(5000)
const blob = blobOf(bytes)

test("a blob of a sibling is linked without being sent", async () => {
  await using hub = await testRegistry()
  await using http = testHttp()
  const base = openRemote({ host: hub.host, repository: "team/base", http, side: "target" })
  const app = openRemote({ host: hub.host, repository: "team/app", http, side: "target" })
  await base.putBlob(blob, bodyOf(bytes))
  hub.clearRequests()
  expect(await app.mountBlob(blob, "team/base")).toBe(true)
  expect(await app.hasBlob(blob)).toBe(true)
  expect(hub.bytesIn()).toBe(0)
  const asked = http.requests.find(({ url }) => url.searchParams.has("mount"))
  expect(asked?.scopes).toEqual(["repository:team/app:pull,push", "repository:team/base:pull"])
})

test.each([400, 401, 403, 404, 405, 500])("a mount answered %i is refused, not failed", async (status) => {
  await using registry = await scriptedRegistry(() => ({ status }))
  await using http = testHttp()
  const remote = openRemote({ host: registry.host, repository: "team/app", http, side: "target" })
  expect(await remote.mountBlob(blob, "team/base")).toBe(false)
})
