import { expect, test } from "vitest"
import { PasswordCredentials } from "../../http/credentials/credentials.ts"
import {
  blobOf,
  bodyOf,
  failureOf,
  type Received,
  type Scripted,
  scriptedRegistry,
  someBytes,
  testHttp,
} from "./remote.fixture.ts"
import { openRemote } from "./remote-store.ts"
import { offsetOf } from "./upload-session.ts"

const bytes = someBytes(1000)
const blob = blobOf(bytes)
const credentials = async () => new PasswordCredentials("pusher", "s3cret")

/** A registry with Basic authentication that begins every upload at `location`. */
function registryAt(location: () => string) {
  return scriptedRegistry(({ method, headers }: Received): Scripted => {
    if (headers.authorization === undefined) return { status: 401, headers: { "www-authenticate": 'Basic realm="x"' } }
    if (method === "HEAD") return { status: 404 }
    return method === "POST" ? { status: 202, headers: { location: location() } } : { status: 201 }
  })
}

test.each([
  ["/v2/a/blobs/uploads/1", "/v2/a/blobs/uploads/1?digest="],
  ["/v2/a/blobs/uploads/1?_state=x%3D", "/v2/a/blobs/uploads/1?_state=x%3D&digest="],
  ["1?state=y", "/v2/a/blobs/uploads/1?state=y&digest="],
])("the digest is added to the Location %s", async (location, path) => {
  await using registry = await registryAt(() => location)
  await using http = testHttp({ credentials })
  const remote = openRemote({ host: registry.host, repository: "a", http, side: "target", upload: { singlePostLimit: 0 } })
  await remote.putBlob(blob, bodyOf(bytes))
  const put = registry.received.at(-1)
  expect(put?.path).toBe(`${path}${encodeURIComponent(blob.digest)}`)
  expect(put?.body.equals(bytes)).toBe(true)
})

test("a Location on a private host that nobody named is not followed", async () => {
  await using other = await scriptedRegistry(() => ({ status: 201 }))
  await using registry = await registryAt(() => `http://${other.host}/v2/a/blobs/uploads/1`)
  await using http = testHttp({ credentials })
  const remote = openRemote({ host: registry.host, repository: "a", http, side: "target" })
  expect((await failureOf(remote.putBlob(blob, bodyOf(bytes)))).code).toBe("address_blocked")
  expect(other.log).toEqual([])
})

test("a Location on another host that is known gets the bytes, and no credentials", async () => {
  await using other = await scriptedRegistry(() => ({ status: 201 }))
  await using registry = await registryAt(() => `http://user:pass@${other.host}/upload?sig=1`)
  await using http = testHttp({ credentials, hosts: { [other.host]: { plainHttp: true } } })
  const remote = openRemote({ host: registry.host, repository: "a", http, side: "target" })
  await remote.putBlob(blob, bodyOf(bytes))
  expect(other.received).toHaveLength(1)
  expect(other.received[0]?.headers.authorization).toBeUndefined()
  expect(other.received[0]?.body.equals(bytes)).toBe(true)
})

test.each(["ftp://127.0.0.1/x", "http://", "//:::"])("the Location %s is refused", async (location) => {
  await using registry = await registryAt(() => location)
  await using http = testHttp({ credentials })
  const remote = openRemote({ host: registry.host, repository: "a", http, side: "target" })
  expect((await failureOf(remote.putBlob(blob, bodyOf(bytes)))).code).toBe("protocol")
})

test("no Location at all is refused", async () => {
  await using registry = await scriptedRegistry(() => ({ status: 202 }))
  await using http = testHttp()
  const remote = openRemote({ host: registry.host, repository: "a", http, side: "target", upload: { singlePostLimit: 0 } })
  const error = await failureOf(remote.putBlob(blob, bodyOf(bytes)))
  expect(error.message).toBe(`${registry.host} gave no Location for the upload of a@${blob.digest}`)
})

test.each([
  ["0-0", 0],
  ["0-9", 10],
  ["bytes=0-9", 10],
  ["bytes 0-9", undefined],
  ["5-9", undefined],
  ["", undefined],
  [undefined, undefined],
])("the range %s confirms %s bytes", (range, offset) => {
  expect(offsetOf(range)).toBe(offset)
})
