import { expect, test } from "vitest"
import { endpoints, methods } from "./endpoints.ts"
import { errorOf, registryServer } from "./registry-server.fixture.ts"
import type { RouteKind } from "./route.ts"

const digest = `sha256:${"0".repeat(64)}`

/** Written out again on purpose: who changes the table has to mean it. */
const rights: Readonly<Record<RouteKind, Readonly<Record<string, string>>>> = {
  base: { GET: "base", HEAD: "base" },
  token: { GET: "none", POST: "none" },
  ping: { GET: "none", HEAD: "none" },
  catalog: { GET: "catalog", HEAD: "catalog" },
  search: { GET: "search" },
  tags: { GET: "pull", HEAD: "pull" },
  referrers: { GET: "pull", HEAD: "pull" },
  manifest: { GET: "pull", HEAD: "pull", PUT: "push", DELETE: "delete" },
  blob: { GET: "pull", HEAD: "pull", DELETE: "delete" },
  uploads: { POST: "push" },
  upload: { GET: "push", HEAD: "push", PUT: "push", PATCH: "push", DELETE: "push" },
}

const paths: Readonly<Record<RouteKind, string>> = {
  base: "/v2/",
  token: "/v2/auth",
  ping: "/v1/_ping",
  catalog: "/v2/_catalog",
  search: "/v1/search?q=x",
  tags: "/v2/team/app/tags/list",
  referrers: `/v2/team/app/referrers/${digest}`,
  manifest: "/v2/team/app/manifests/v1",
  blob: `/v2/team/app/blobs/${digest}`,
  uploads: "/v2/team/app/blobs/uploads/",
  upload: "/v2/team/app/blobs/uploads/4d2f",
}

test("S5: every method on every route needs exactly this right", () => {
  const table = Object.fromEntries(
    Object.entries(endpoints).map(([kind, byMethod]) => [
      kind,
      Object.fromEntries(Object.entries(byMethod).flatMap(([method, endpoint]) => (endpoint ? [[method, endpoint.right]] : []))),
    ]),
  )
  expect(table).toEqual(rights)
})

test("S5: whatever is not in the table is refused with 405 and what would be taken instead", async () => {
  await using server = await registryServer()
  for (const [kind, path] of Object.entries(paths) as [RouteKind, string][]) {
    for (const method of [...methods, "OPTIONS", "TRACE", "PROPFIND"]) {
      if (rights[kind][method] !== undefined) continue
      const answer = await server.robot.request(method, path)
      expect([kind, method, answer.status, answer.headers.allow]).toEqual([
        kind,
        method,
        405,
        Object.keys(rights[kind]).join(", "),
      ])
      if (method !== "HEAD") expect(errorOf(answer)).toBe("405 UNSUPPORTED")
    }
  }
})

test("S5: in a private project nobody without a login, and nobody else's login, gets to any route", async () => {
  await using server = await registryServer()
  for (const kind of ["tags", "referrers", "manifest", "blob", "uploads", "upload"] as const) {
    for (const method of Object.keys(rights[kind])) {
      const anonymous = await server.anyone.request(method, paths[kind])
      expect([kind, method, anonymous.status]).toEqual([kind, method, 401])
      expect(anonymous.headers["www-authenticate"]).toMatch(/^Bearer realm="http:\/\/127\.0\.0\.1:\d+\/v2\/auth",/)
      expect([kind, method, (await server.as("stranger").request(method, paths[kind])).status]).toEqual([kind, method, 403])
      const reader = (await server.as("reader").request(method, paths[kind])).status
      expect([kind, method, reader === 403]).toEqual([kind, method, rights[kind][method] !== "pull"])
    }
  }
  expect(server.mistakes).toEqual([])
})
