import { createServer } from "node:http"
import { artifact, image, listenOnLoopback, testRegistry } from "@entrepot/testing"
import { afterAll, beforeAll, expect, test } from "vitest"
import { upstreamAt } from "../../proxy/proxy.fixture.ts"
import { errorOf, type RegistryServer, registryServer } from "../registry-server.fixture.ts"

let server: RegistryServer
const app = image({ seed: "listed" })
beforeAll(async () => {
  server = await registryServer()
  for (const tag of ["v1", "v2", "v3", "V4", "_x"]) await server.robot.push(`team/app:${tag}`, app)
  await server.robot.push("open/app:v1", app)
  await server.robot.push("other/app:v1", app)
})
afterAll(() => server.close())

async function ask(path: string, client = server.robot): Promise<unknown> {
  const answer = await client.request("GET", path)
  if (answer.status >= 400) return errorOf(answer)
  const { link } = answer.headers
  return { ...(JSON.parse(answer.body.toString("utf8")) as object), ...(link === undefined ? {} : { link }) }
}

test("tags come in the order of their bytes, page by page, with a link to the next", async () => {
  const name = "team/app"
  const path = `/v2/${name}/tags/list`
  expect(await ask(path)).toEqual({ name, tags: ["V4", "_x", "v1", "v2", "v3"] })
  expect(await ask(`${path}?n=2`)).toEqual({ name, tags: ["V4", "_x"], link: `<${path}?n=2&last=_x>; rel="next"` })
  expect(await ask(`${path}?n=2&last=_x`)).toEqual({ name, tags: ["v1", "v2"], link: `<${path}?n=2&last=v2>; rel="next"` })
  expect(await ask(`${path}?n=2&last=v2`)).toEqual({ name, tags: ["v3"] })
  expect(await ask(`${path}?last=v2`)).toEqual({ name, tags: ["v3"] })
  expect(await ask(`${path}?n=5`)).toEqual({ name, tags: ["V4", "_x", "v1", "v2", "v3"] })
  expect(await ask(`${path}?n=0`)).toEqual({ name, tags: [] })
  expect(await ask(`${path}?n=999999999`)).toEqual({ name, tags: ["V4", "_x", "v1", "v2", "v3"] })
  for (const n of ["-1", "x", "1.5", "", "1e3", " 1"]) expect(await ask(`${path}?n=${n}`)).toBe("400 PAGINATION_NUMBER_INVALID")
  expect(await ask("/v2/team/nothing/tags/list")).toBe("404 NAME_UNKNOWN")
  expect(await ask("/v2/team/nothing/tags/list?n=0")).toBe("404 NAME_UNKNOWN")
})

test("referrers come filtered and in pages, and the link keeps what was asked for", async () => {
  const one = artifact({ subject: app, artifactType: "application/one", blobs: ["one"] })
  const two = artifact({ subject: app, artifactType: "application/two", blobs: ["two"] })
  const more = artifact({ subject: app, artifactType: "application/one", blobs: ["more"] })
  for (const each of [one, two, more]) await server.robot.push("team/app", each)
  const path = `/v2/team/app/referrers/${app.descriptor.digest}`
  const digests = async (query: string) => {
    const { manifests, link } = (await ask(`${path}${query}`)) as { manifests: { digest: string }[]; link?: string }
    return { digests: manifests.map(({ digest }) => digest), link }
  }
  const all = [one, two, more].map(({ descriptor }) => descriptor.digest).sort()
  expect(await digests("")).toEqual({ digests: all, link: undefined })
  const ones = [one, more].map(({ descriptor }) => descriptor.digest).sort()
  expect(await digests("?artifactType=application/one")).toEqual({ digests: ones, link: undefined })
  const first = await digests("?artifactType=application/one&n=1")
  expect(first.digests).toEqual(ones.slice(0, 1))
  const next = /^<([^>]+)>; rel="next"$/.exec(first.link ?? "")?.[1]
  expect(next).toBe(`${path}?artifactType=application%2Fone&n=1&last=${encodeURIComponent(ones[0] ?? "")}`)
  expect(await digests(next?.slice(path.length) ?? "")).toEqual({ digests: ones.slice(1), link: undefined })
  expect(await ask("/v2/team/app/referrers/sha256:abc")).toBe("400 DIGEST_INVALID")
})

test("S6: the catalog names what the caller could pull, and nothing else", async () => {
  const list = (repositories: readonly string[], rest = {}) => ({ repositories, ...rest })
  expect(await ask("/v2/_catalog")).toEqual(list(["open/app", "other/app", "team/app"]))
  expect(await ask("/v2/_catalog", server.anyone)).toEqual(list(["open/app"]))
  expect(await ask("/v2/_catalog", server.as("stranger"))).toEqual(list(["open/app"]))
  expect(await ask("/v2/_catalog?n=1", server.anyone)).toEqual(list(["open/app"]))
  expect(await ask("/v2/_catalog?n=2")).toEqual(
    list(["open/app", "other/app"], { link: '</v2/_catalog?n=2&last=other%2Fapp>; rel="next"' }),
  )
  expect(await ask("/v2/_catalog?n=2&last=other/app")).toEqual(list(["team/app"]))
  expect(await ask("/v2/_catalog?n=0")).toEqual(list([]))
  expect(await ask("/v2/_catalog?n=-1")).toBe("400 PAGINATION_NUMBER_INVALID")
  server.rules.open = false
  expect(await ask("/v2/_catalog", server.anyone)).toBe("401 UNAUTHORIZED")
  server.rules.open = true
})

test("the catalog says where what is read through came from", async () => {
  await using hub = await testRegistry()
  hub.add("library/nginx:latest", app)
  await using through = await registryServer({ upstreams: [upstreamAt(hub)] })
  await through.anyone.manifest("library/nginx", "latest")
  const names = async () => ((await ask("/v2/_catalog", through.anyone)) as { repositories: string[] }).repositories
  expect(await names()).toEqual(["hub.test/library/nginx"])
  through.rules.denied.add("hub.test/library/nginx")
  expect(await names()).toEqual([])
})

test("a search is passed to the index, and what the caller could not pull is left out", async () => {
  const result = { description: "", star_count: 1, is_official: false, is_automated: false }
  const results = ["library/nginx", "team/denied", "Bad Name"].map((name) => ({ ...result, name }))
  const asked: string[] = []
  const index = createServer((request, response) => {
    asked.push(request.url ?? "")
    response.end(JSON.stringify({ num_results: 28, results }))
  })
  const { origin, host, close } = await listenOnLoopback(index)
  await using through = await registryServer({ upstreams: [upstreamAt({ origin })] })
  through.rules.denied.add("hub.test/team/denied")
  expect(await ask("/v1/search?q=ngi%20nx&n=5", through.anyone)).toEqual({
    num_pages: 6,
    num_results: 26,
    results: results.slice(0, 1),
    page_size: 5,
    query: "ngi nx",
    page: "1",
  })
  expect(asked).toEqual(["/v1/search?q=ngi+nx&n=5&page=1"])
  expect(through.entries.map(({ action, reference, upstream }) => [action, reference, upstream])).toEqual([
    ["search", "ngi nx", host],
  ])
  await close()
})

test("a search without words, or for too much, is refused; docker's question before it is answered", async () => {
  expect(await ask("/v1/search")).toBe("400 UNSUPPORTED")
  expect(await ask(`/v1/search?q=${"x".repeat(256)}`)).toBe("400 UNSUPPORTED")
  for (const n of ["0", "101", "x"]) expect(await ask(`/v1/search?q=x&n=${n}`)).toBe("400 PAGINATION_NUMBER_INVALID")
  const { status, headers } = await server.anyone.request("GET", "/v1/_ping")
  expect([status, headers["x-docker-registry-standalone"]]).toEqual([200, "true"])
})
