import { image, testRegistry } from "@entrepot/testing"
import { expect, test } from "vitest"
import { upstreamAt } from "../proxy/proxy.fixture.ts"
import { registryServer } from "./registry-server.fixture.ts"

const forever = "public, max-age=31536000, s-maxage=600, immutable"
/** What is public is the same for everybody. */
const varyOf = (policy: string) => (policy.startsWith("public") ? undefined : "Authorization")
const app = image({ seed: "cached" })
const { digest } = app.descriptor
const [blob = ""] = app.blobs.keys()

function pathsOf(repository: string): readonly (readonly [path: string, ifPublic: string])[] {
  return [
    [`/v2/${repository}/manifests/${digest}`, forever],
    [`/v2/${repository}/manifests/v1`, "public, max-age=60"],
    [`/v2/${repository}/blobs/${blob}`, forever],
    [`/v2/${repository}/tags/list`, "private, no-store"],
    [`/v2/${repository}/referrers/${digest}`, "private, no-store"],
    [`/v2/${repository}/manifests/nothing`, "private, no-store"],
    [`/v2/${repository}/blobs/sha256:${"0".repeat(64)}`, "private, no-store"],
  ]
}

test("S6: caches in front may keep what anybody may read, and nothing else of any answer", async () => {
  await using server = await registryServer()
  for (const repository of ["open/app", "team/app"]) await server.robot.push(`${repository}:v1`, app)
  for (const method of ["GET", "HEAD"]) {
    for (const [path, ifPublic] of pathsOf("open/app")) {
      for (const client of [server.anyone, server.robot]) {
        const { headers } = await client.request(method, path)
        expect([method, path, headers["cache-control"], headers.vary]).toEqual([method, path, ifPublic, varyOf(ifPublic)])
      }
    }
    for (const [path] of pathsOf("team/app")) {
      for (const client of [server.anyone, server.as("stranger"), server.robot]) {
        const { headers } = await client.request(method, path)
        expect([method, path, headers["cache-control"], headers.vary]).toEqual([
          method,
          path,
          "private, no-store",
          "Authorization",
        ])
      }
    }
    for (const path of [
      "/v2/",
      "/v2/_catalog",
      "/v2/auth",
      "/v1/_ping",
      "/v1/search?q=x",
      "/v2/nothing",
      "/V2/",
      "/v2/A/tags/list",
    ]) {
      const { headers } = await server.anyone.request(method, path)
      expect([method, path, headers["cache-control"], headers.vary]).toEqual([method, path, "private, no-store", "Authorization"])
    }
  }
})

test("S6: not modified, a part, and the whole of a blob are kept alike, and a refused part is not", async () => {
  await using server = await registryServer()
  for (const repository of ["open/app", "team/app"]) await server.robot.push(`${repository}:v1`, app)
  const ask = async (repository: string, headers: Record<string, string>) => {
    const answer = await server.robot.request("GET", `/v2/${repository}/blobs/${blob}`, headers)
    return `${answer.status} ${answer.headers["cache-control"]}`
  }
  expect(await ask("open/app", { "if-none-match": `"${blob}"` })).toBe(`304 ${forever}`)
  expect(await ask("open/app", { range: "bytes=0-9" })).toBe(`206 ${forever}`)
  expect(await ask("open/app", { range: "bytes=999999-" })).toBe("416 private, no-store")
  expect(await ask("team/app", { "if-none-match": `"${blob}"` })).toBe("304 private, no-store")
  expect(await ask("team/app", { range: "bytes=0-9" })).toBe("206 private, no-store")
})

test("S6: whoever may not pull from a repository gets nothing of it, however well digests are known", async () => {
  await using server = await registryServer()
  await server.robot.push("team/app:v1", app)
  await server.robot.push("open/other:v1", image({ seed: "other" }))
  for (const method of ["GET", "HEAD"]) {
    for (const [path] of pathsOf("team/app")) {
      expect([path, (await server.anyone.request(method, path)).status]).toEqual([path, 401])
      expect([path, (await server.as("stranger").request(method, path)).status]).toEqual([path, 403])
    }
    for (const path of [`/v2/open/other/manifests/${digest}`, `/v2/open/other/blobs/${blob}`, `/v2/other/app/blobs/${blob}`]) {
      expect([path, (await server.robot.request(method, path)).status]).toEqual([path, 404])
    }
  }
})

test("fault 41: caches in front ask again for what may be out of date", async () => {
  await using hub = await testRegistry({ images: { "team/app:v1": app } })
  await using server = await registryServer({ upstreams: [upstreamAt(hub, { tagLifetimeMs: 1 })] })
  const ask = async (method: string, reference: string) => {
    const { headers } = await server.anyone.request(method, `/v2/hub.test/team/app/manifests/${reference}`)
    return [headers["cache-control"], headers.warning !== undefined]
  }
  expect(await ask("GET", "v1")).toEqual(["public, max-age=60", false])
  await hub.close()
  for (const method of ["GET", "HEAD"]) {
    expect(await ask(method, "v1")).toEqual(["public, no-cache", true])
    expect(await ask(method, digest)).toEqual([forever, false])
  }
})
