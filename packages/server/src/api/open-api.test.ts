import { expect, test } from "vitest"
import { testApi } from "./api.fixture.ts"
import { routes } from "./rest/routes.ts"

test("openapi.json is OpenAPI 3.1 and describes every route with what it takes and answers", async () => {
  const api = await testApi()
  const { status, json } = await api.ask("GET /api/openapi.json")
  expect([status, json.openapi, json.info.title]).toEqual([200, "3.1.0", "Entrepot"])
  const described = Object.entries(json.paths as Record<string, object>).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  )
  expect(described.sort()).toEqual(Object.keys(routes).sort())
  const start = json.paths["/api/proxy/start"].post
  expect(Object.keys(start.requestBody.content["application/json"].schema.properties).slice(0, 5)).toEqual([
    "source_image",
    "target_image",
    "target_host",
    "target_username",
    "target_password",
  ])
  expect(start["x-right"]).toEqual({ who: "operator", keys: "jobs:write" })
  expect(Object.keys(start["x-summary"])).toEqual(["zh", "en"])
  expect(Object.keys(start.responses)).toEqual(["200", "202", "default"])
  expect(json.paths["/api/jobs/{id}"].get.parameters).toEqual([
    { name: "id", in: "path", required: true, schema: { type: "integer", minimum: 1 } },
  ])
})

test("every reference in openapi.json leads somewhere", async () => {
  const api = await testApi()
  const { text, json } = await api.ask("GET /api/openapi.json")
  const references = [...new Set([...text.matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path ?? ""))]
  expect(references.length).toBeGreaterThan(2)
  for (const path of references) {
    const found = path.split("/").reduce((at, part) => at?.[part], json)
    expect([path, typeof found]).toEqual([path, "object"])
  }
})

test("S18: the page runs nothing but its own script, from nobody else, and is another one each time", async () => {
  const api = await testApi()
  const first = await api.ask("GET /api/docs")
  const second = await api.ask("GET /api/docs")
  const policy = String(first.headers["content-security-policy"])
  const nonce = /script-src 'nonce-([^']+)'/.exec(policy)?.[1] ?? ""
  expect(nonce.length).toBeGreaterThan(20)
  expect(policy).toBe(
    `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  )
  expect(String(second.headers["content-security-policy"])).not.toContain(nonce)
  expect(first.headers["content-type"]).toBe("text/html; charset=utf-8")
  expect(first.text.match(/<script/g)).toHaveLength(1)
  expect(first.text).toContain(`<script nonce="${nonce}">`)
  expect(first.text).not.toMatch(/https?:\/\/|innerHTML|\son\w+=/)
})

test("the page's script can be parsed", async () => {
  const api = await testApi()
  const { text } = await api.ask("GET /api/docs")
  const script = /<script nonce="[^"]+">([\s\S]*)<\/script>/.exec(text)?.[1] ?? ""
  expect(() => new Function(script)).not.toThrow()
})
