import { createServer } from "node:http"
import { listenOnLoopback } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { mediaTypes } from "../../content/media-types.ts"
import { blobOf, failureOf, manifestOf, type Scripted, scriptedRegistry, someBytes, testHttp } from "./remote.fixture.ts"
import { openRemote, type RemoteStore } from "./remote-store.ts"

const MiB = 1024 * 1024

async function withRegistry<T>(
  answer: (path: string, authorized: boolean, host: string) => Scripted,
  work: (remote: RemoteStore) => Promise<T>,
) {
  await using registry = await scriptedRegistry(({ path, headers }) =>
    answer(path, headers.authorization !== undefined, headers.host ?? ""),
  )
  await using http = testHttp({ retry: { attempts: 1 } })
  return await work(openRemote({ host: registry.host, repository: "a", http }))
}

const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => "fine",
    (error: { code: string }) => error.code,
  )

/** JSON of exactly so many bytes. */
const padded = (json: object, size: number) => JSON.stringify(json).padEnd(size)

test.each([
  [4 * MiB, "fine"],
  [4 * MiB + 1, "too_large"],
])("a manifest of %i bytes: %s (S9)", async (size, outcome) => {
  const body = padded({ schemaVersion: 2, config: blobOf(someBytes(2), mediaTypes.ociConfig), layers: [] }, size)
  const answer = { status: 200, headers: { "content-type": mediaTypes.ociManifest }, body }
  expect(
    await withRegistry(
      () => answer,
      (remote) => codeOf(remote.getManifest("1")),
    ),
  ).toBe(outcome)
})

test.each([
  [MiB, "not_found"],
  [MiB + 1, "too_large"],
])("a token answer of %i bytes: %s (S9)", async (size, outcome) => {
  const answer = (path: string, authorized: boolean, host: string): Scripted => {
    if (path.startsWith("/token")) return { status: 200, body: padded({ token: "t" }, size) }
    return authorized ? { status: 404 } : { status: 401, headers: { "www-authenticate": `Bearer realm="http://${host}/token"` } }
  }
  expect(await withRegistry(answer, (remote) => codeOf(remote.getManifest("1")))).toBe(outcome)
})

test.each([
  [64 * 1024, ": DENIED, said"],
  [64 * 1024 + 1, ""],
])("of an error body of %i bytes is told %j (S9)", async (size, told) => {
  const body = padded({ errors: [{ code: "DENIED", message: "said" }] }, size)
  const failure = await withRegistry(
    () => ({ status: 403, body }),
    (remote) => failureOf(remote.getManifest("1")),
  )
  expect(failure.message.endsWith(`answered 403 to the manifest a:1${told}`)).toBe(true)
})

test.each([
  [4 * MiB, "fine"],
  [4 * MiB + 1, "too_large"],
])("a page of tags of %i bytes: %s (S9)", async (size, outcome) => {
  const body = padded({ tags: ["1"] }, size)
  expect(
    await withRegistry(
      () => ({ status: 200, body }),
      (remote) => codeOf(remote.listTags()),
    ),
  ).toBe(outcome)
})

test.each([
  [1000, "fine"],
  [1000 + 1, "protocol"],
])("a list of %i referrers on a page: %s (S9)", async (count, outcome) => {
  const entry = manifestOf({ manifests: [] }, mediaTypes.ociIndex).descriptor
  const { bytes } = manifestOf({ manifests: Array(count).fill(entry) }, mediaTypes.ociIndex)
  const answer = { status: 200, headers: { "content-type": mediaTypes.ociIndex }, body: bytes }
  const subject = `sha256:${"0".repeat(64)}`
  expect(
    await withRegistry(
      () => answer,
      (remote) => codeOf(remote.listReferrers(subject)),
    ),
  ).toBe(outcome)
})

test.each([
  ["a manifest", ""],
  ["a token", "/token"],
  ["an error", "403"],
  ["a page of tags", "tags"],
])("%s without an end is given up at its cap, and costs no memory beyond it (S9)", async (_, kind) => {
  let sent = 0
  const piece = Buffer.alloc(256 * 1024, " ")
  const server = createServer((request, response) => {
    if (kind === "/token" && !request.url?.startsWith("/token")) {
      response.writeHead(401, { "www-authenticate": `Bearer realm="http://${request.headers.host}/token"` }).end()
      return
    }
    response.writeHead(kind === "403" ? 403 : 200, { "content-type": mediaTypes.ociManifest })
    const more = () => {
      while (!response.destroyed && response.write(piece)) sent += piece.length
    }
    response.on("drain", more)
    more()
  })
  const listening = await listenOnLoopback(server)
  onTestFinished(() => listening.close())
  await using http = testHttp({ retry: { attempts: 1 } })
  const remote = openRemote({ host: listening.host, repository: "a", http })
  const before = process.memoryUsage().arrayBuffers
  const failure = await failureOf(kind === "tags" ? remote.listTags() : remote.getManifest("1"))
  expect(failure.code).toBe(kind === "403" ? "forbidden" : "too_large")
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(48 * MiB)
  expect(sent).toBeLessThan(32 * MiB)
})
