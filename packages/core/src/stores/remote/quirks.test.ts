import { expect, test } from "vitest"
import { createHttp } from "../../http/create-http.ts"
import { createTransport } from "../../http/transport/transport.ts"
import { quirksOf } from "./quirks.ts"
import { blobOf, bodyOf, type Scripted, scriptedRegistry, someBytes } from "./remote.fixture.ts"
import { openRemote } from "./remote-store.ts"

test.each([
  ["123456789012.dkr.ecr.eu-west-1.amazonaws.com", { whole: "put", continues: false }],
  ["ghcr.io", { whole: "put", continues: false }],
  ["eu.gcr.io", { whole: "put", continues: false }],
  ["europe-docker.pkg.dev:443", { continues: false }],
  ["team.azurecr.io", { whole: "patch", continues: true }],
  ["notghcr.io", { whole: "put", continues: true }],
  ["harbor.example.com:8443", { whole: "put", continues: true }],
])("%s", (host, quirks) => {
  expect(quirksOf(host)).toMatchObject(quirks)
})

const bytes = someBytes(200_000)

/** Uploads to `host` by name, while the bytes go to a server here. */
async function uploadTo(host: string, script: (line: string) => Scripted | "mine" | undefined): Promise<string[]> {
  await using registry = await scriptedRegistry(({ method, path }) => script(`${method} ${path.replace(/\?.*/, "")}`))
  const transport = createTransport({ hosts: () => ({}) })
  const http = createHttp({
    defaults: { plainHttp: true },
    retry: { minMs: 1, maxMs: 1 },
    transport: async (request) => {
      const url = new URL(request.url.pathname + request.url.search, `http://${registry.host}`)
      const answer = await transport.send({ ...request, url })
      return { ...answer, url: request.url }
    },
  })
  try {
    const remote = openRemote({ host, repository: "a", http, side: "target", upload: { backoffMs: 1 } })
    await remote.putBlob(blobOf(bytes), bodyOf(bytes))
    return registry.received.map(({ method, headers, body }) => `${method} ${headers["content-range"] ?? "-"} ${body.length}`)
  } finally {
    await http.close()
    await transport.close()
  }
}

const begun: Scripted = { status: 202, headers: { location: "/v2/a/blobs/uploads/1" } }

test("Azure gets the stream as a PATCH and then the closing PUT", async () => {
  const log = await uploadTo("team.azurecr.io", (line) => {
    if (line.startsWith("POST")) return begun
    return line.startsWith("PATCH")
      ? { status: 202, headers: { location: "/v2/a/blobs/uploads/1", range: "0-199999" } }
      : { status: 201 }
  })
  expect(log).toEqual(["POST - 0", "PATCH - 200000", "PUT - 0"])
})

test("a broken upload to GitHub begins again as a whole", async () => {
  let puts = 0
  const log = await uploadTo("ghcr.io", (line) => {
    if (line.startsWith("POST")) return begun
    if (line.startsWith("DELETE")) return { status: 204 }
    if (line.startsWith("HEAD")) return { status: 404 }
    return puts++ === 0 ? { status: 502 } : { status: 201 }
  })
  expect(log).toEqual(["POST - 0", "PUT - 200000", "HEAD - 0", "DELETE - 0", "POST - 0", "PUT - 200000"])
})
