import { image, RegistryClient, type TestImage, testRegistry } from "@entrepot/testing"
import { expect, test, vi } from "vitest"
import { upstreamAt } from "../../proxy/proxy.fixture.ts"
import { type RegistryServer, registryServer } from "../registry-server.fixture.ts"

const secret = image({ seed: "mounted secret", layers: [{ sizeBytes: 3000 }] })
const layerOf = (of: TestImage) => [...of.blobs.keys()].at(-1) ?? ""
const layer = layerOf(secret)

async function mount(server: RegistryServer, into: string, query: string): Promise<string> {
  const { status } = await server.robot.request("POST", `/v2/${into}/blobs/uploads/?mount=${layer}${query}`)
  const read = await server.robot.request("GET", `/v2/${into}/blobs/${layer}`)
  return `${status} ${read.status}`
}

test("S6: what was read through with one client's login is mounted by nobody", async () => {
  let isPublic = false
  await using hub = await testRegistry({
    images: { "private/app:v1": secret },
    auth: {
      token: { ann: "anns password" },
      anonymousPull: true,
      grant: (user, _, actions) => (user === "ann" || isPublic ? actions : []),
    },
  })
  await using server = await registryServer({ upstreams: [upstreamAt(hub)] })
  const ann = new RegistryClient({
    origin: server.origin,
    authorization: () => `Basic ${Buffer.from("ann:anns password").toString("base64")}`,
  })
  expect((await ann.manifest("hub.test/private/app", "v1"))?.digest).toBe(secret.descriptor.digest)
  expect((await ann.blob("hub.test/private/app", layer))?.length).toBe(3000)
  await vi.waitFor(async () => expect(await server.warehouse.store.blob(layer)).toBeDefined())
  expect(await mount(server, "team/app", "&from=hub.test/private/app")).toBe("202 404")
  expect(await mount(server, "team/app", "&from=private/app")).toBe("202 404")
  expect(await mount(server, "team/app", "")).toBe("202 404")
  isPublic = true
  hub.revokeTokens()
  expect((await server.anyone.blob("hub.test/private/app", layer))?.length).toBe(3000)
  expect(await mount(server, "team/app", "&from=hub.test/private/app")).toBe("201 200")
})

test("S6: a repository that a rule denies lends its blobs to none, whether the client names it or not", async () => {
  await using server = await registryServer()
  await server.robot.push("team/secret:v1", secret)
  server.rules.denied.add("team/secret")
  expect(await mount(server, "team/app", "&from=team/secret")).toBe("202 404")
  expect(await mount(server, "team/app", "")).toBe("202 404")
  server.rules.denied.clear()
  expect(await mount(server, "team/app", "")).toBe("201 200")
})

test("S4: a token for one repository mounts nothing of another, and who could have one for both is told so", async () => {
  await using server = await registryServer()
  await server.robot.push("team/secret:v1", secret)
  const mountWith = async (scopes: readonly string[], query: string) => {
    const path = `/v2/auth?service=entrepot${scopes.map((scope) => `&scope=repository:${scope}`).join("")}`
    const { token } = JSON.parse((await server.robot.request("GET", path)).body.toString()) as { token: string }
    const client = new RegistryClient({ origin: server.origin, authorization: () => `Bearer ${token}` })
    const answer = await client.request("POST", `/v2/team/app/blobs/uploads/?mount=${layer}${query}`)
    return [answer.status, answer.headers["www-authenticate"]].filter(Boolean).join(" ")
  }
  const narrow = ["team/app:pull,push"]
  const challenge = `Bearer realm="${server.origin}/v2/auth",service="entrepot",scope="repository:team/app:pull,push repository:team/secret:pull"`
  expect(await mountWith(narrow, "")).toBe("202")
  expect(await mountWith(narrow, "&from=team/secret")).toBe(`401 ${challenge},error="insufficient_scope"`)
  for (const query of ["", "&from=team/secret"]) expect(await mountWith([...narrow, "team/secret:pull"], query)).toBe("201")
  server.rules.denied.add("team/secret")
  for (const from of ["team/secret", "nowhere/secret", "NO NAME", ""])
    expect([from, await mountWith(narrow, `&from=${encodeURIComponent(from)}`)]).toEqual([from, "202"])
  const asked = await server.anyone.request("POST", `/v2/team/app/blobs/uploads/?mount=${layer}&from=team/secret`)
  expect([asked.status, asked.headers["www-authenticate"]]).toEqual([401, challenge])
})
