import { expect, test } from "vitest"
import { failureOf, type Received, type Scripted, scriptedRegistry, testHttp } from "./remote.fixture.ts"
import { openRemote } from "./remote-store.ts"
import { listCatalog } from "./tags.ts"

async function listing<T>(
  script: (request: Received, host: string) => Scripted | undefined,
  ask: (host: string, http: ReturnType<typeof testHttp>) => Promise<T>,
) {
  let host = ""
  await using registry = await scriptedRegistry((request) => script(request, host))
  host = registry.host
  await using http = testHttp()
  const result = await ask(host, http)
  return { result, log: registry.log, host, scopes: http.requests[0]?.scopes }
}

const tagsOf = (host: string, http: ReturnType<typeof testHttp>) => openRemote({ host, repository: "team/app", http }).listTags()

const page = (tags: unknown, link?: string): Scripted => ({
  status: 200,
  headers: link === undefined ? {} : { link },
  body: JSON.stringify({ name: "team/app", tags }),
})

test("tags come over all pages, in the registry's order", async () => {
  const { result, log } = await listing(
    ({ path }) =>
      path.includes("last=b") ? page(["a", "10"]) : page(["c", "b"], '</v2/team/app/tags/list?n=2&last=b>; rel="next"'),
    tagsOf,
  )
  expect(result).toEqual(["c", "b", "a", "10"])
  expect(log).toEqual(["GET /v2/team/app/tags/list?n=1000", "GET /v2/team/app/tags/list?n=2&last=b"])
})

test("a Link may be absolute, one of several, and without quotes", async () => {
  const { result } = await listing(
    ({ path }, host) =>
      path.includes("last=b")
        ? page(["c"])
        : page(["b"], `<http://${host}/>; rel="first", <http://${host}/v2/team/app/tags/list?last=b>; rel=next`),
    tagsOf,
  )
  expect(result).toEqual(["b", "c"])
})

test("a full page without Link is followed by its last entry", async () => {
  const full = Array.from({ length: 1000 }, (_, index) => `t${index}`)
  const { result, log } = await listing(({ path }) => (path.includes("last=") ? page(["z"]) : page(full)), tagsOf)
  expect(result).toHaveLength(1001)
  expect(log[1]).toBe("GET /v2/team/app/tags/list?n=1000&last=t999")
})

test("a registry that answers the same page again and again comes to an end", async () => {
  const { result, log } = await listing(() => page(["a", "b"], '</v2/team/app/tags/list?last=b>; rel="next"'), tagsOf)
  expect(result).toEqual(["a", "b"])
  expect(log).toHaveLength(2)
})

test.each([
  "http://127.0.0.1:1/v2/team/app/tags/list?last=b",
  "/v2/other/app/tags/list",
  "//evil.example/v2/team/app/tags/list",
  "/admin",
])("a Link to %s is not followed", async (link) => {
  const { result, log, host } = await listing(
    () => page(["a"], `<${link}>; rel="next"`),
    (host, http) => failureOf(tagsOf(host, http)),
  )
  expect(result.code).toBe("address_blocked")
  expect(result.message).toBe(`${host} led away from itself for the next page of the tags of team/app`)
  expect(log).toHaveLength(1)
})

test("what is no tag is left out, and null is no tags", async () => {
  expect((await listing(() => page(["ok", "../x", "a b", 7, ""]), tagsOf)).result).toEqual(["ok"])
  expect((await listing(() => page(null), tagsOf)).result).toEqual([])
})

test("an unknown repository has no list", async () => {
  expect((await listing(() => undefined, tagsOf)).result).toBeUndefined()
})

test.each([
  ["a web page", "<html>", "protocol"],
  ["a list of something else", '{"tags":"all"}', "protocol"],
  ["too much", `{"tags":["${"x".repeat(4 * 1024 * 1024)}"]}`, "too_large"],
])("%s is refused", async (_, body, code) => {
  const { result } = await listing(
    () => ({ status: 200, body }),
    (host, http) => failureOf(tagsOf(host, http)),
  )
  expect(result.code).toBe(code)
})

test("the catalog is asked for with a right of its own", async () => {
  const { result, log, scopes } = await listing(
    () => ({ status: 200, body: '{"repositories":["a/b","c"]}' }),
    (host, http) => listCatalog(http, host),
  )
  expect(result).toEqual(["a/b", "c"])
  expect(log).toEqual(["GET /v2/_catalog?n=1000"])
  expect(scopes).toEqual(["registry:catalog:*"])
})
