import { request } from "node:https"
import { describe, expect, it } from "vitest"
import { artifact, image, index } from "../images/image.ts"
import { faultProxy } from "../proxy/fault-proxy.ts"
import { RegistryClient } from "../registry-client.ts"
import { dockerRegistry } from "./docker-registry.ts"
import { needs } from "./needs.ts"
import { signingTokenServer } from "./signing-token-server.ts"
import { testCa } from "./test-ca.ts"

describe.skipIf(needs("docker-registry", "openssl", "htpasswd"))("dockerRegistry", () => {
  it("takes an index with large layers and gives the same bytes back", async () => {
    await using registry = await dockerRegistry()
    const one = image({ seed: "one", layers: [{ sizeBytes: 3_000_000 }, { sizeBytes: 100 }] })
    const both = index([one, image({ seed: "two", platform: { os: "linux", architecture: "arm64" } })])
    await registry.client.push("library/both:1", both)
    expect(await registry.client.holds("library/both:1", both)).toBe(true)
    expect(await registry.client.tags("library/both")).toEqual(["1"])
    const sbom = artifact({ artifactType: "application/spdx+json", blobs: ["{}!"], subject: one })
    await registry.client.push("library/both", sbom)
    expect(await registry.client.holds("library/both", sbom)).toBe(true)
  })

  it("asks for a password", async () => {
    await using registry = await dockerRegistry({ htpasswd: { user: "ann", password: "secret" } })
    const made = image({ seed: "p" })
    await registry.client.push("p:1", made)
    const anonymous = new RegistryClient({ origin: registry.origin })
    expect((await anonymous.request("GET", "/v2/p/manifests/1")).headers["www-authenticate"]).toBe('Basic realm="test"')
    expect(await registry.client.holds("p:1", made)).toBe(true)
  })

  it("trusts the tokens of our token server", async () => {
    await using tokens = await signingTokenServer({ users: { ann: "secret" } })
    await using registry = await dockerRegistry({ token: tokens })
    const made = image({ seed: "t" })
    await registry.client.push("t/t:1", made)
    const anonymous = new RegistryClient({ origin: registry.origin })
    const refused = await anonymous.request("GET", "/v2/t/t/manifests/1")
    expect(refused.status).toBe(401)
    expect(refused.headers["www-authenticate"]).toBe(
      `Bearer realm="${tokens.realm}",service="test registry",scope="repository:t/t:pull"`,
    )
    const asked = await new RegistryClient({ origin: new URL(tokens.realm).origin }).request(
      "GET",
      "/token?service=test%20registry&scope=repository:t/t:pull",
      { authorization: `Basic ${Buffer.from("ann:secret").toString("base64")}` },
    )
    const bearer = new RegistryClient({
      origin: registry.origin,
      authorization: () => `Bearer ${JSON.parse(asked.body.toString()).token}`,
    })
    expect(await bearer.holds("t/t:1", made)).toBe(true)
  })

  it("speaks TLS with a certificate of a private authority", async () => {
    await using ca = await testCa()
    await using registry = await dockerRegistry({ tls: await ca.certificate() })
    const made = image({ seed: "s" })
    await registry.client.push("s:1", made)
    expect(await registry.client.holds("s:1", made)).toBe(true)
    const code = await new Promise((resolve) =>
      request(`${registry.origin}/v2/`, { agent: false }, () => resolve("trusted"))
        .on("error", (error: NodeJS.ErrnoException) => resolve(error.code))
        .end(),
    )
    expect(code).toBe("UNABLE_TO_VERIFY_LEAF_SIGNATURE")
  })

  it("names the proxy in its upload locations", async () => {
    await using registry = await dockerRegistry()
    await using proxy = await faultProxy(registry.host)
    const begun = await new RegistryClient({ origin: proxy.origin }).request("POST", "/v2/x/blobs/uploads/")
    expect(begun.headers.location?.startsWith(`${proxy.origin}/v2/x/blobs/uploads/`)).toBe(true)
  })

  it("does not find an upload again after a broken chunk, but goes on after a whole one", async () => {
    await using registry = await dockerRegistry()
    await using proxy = await faultProxy(registry.host, [{ as: "reset", after: 500_000, direction: "toServer", times: 1 }])
    const client = new RegistryClient({ origin: proxy.origin })
    const bytes = Buffer.alloc(1_000_000, "x")
    const location = String((await client.request("POST", "/v2/x/blobs/uploads/")).headers.location)
    await expect(client.request("PATCH", location, {}, bytes)).rejects.toThrow()
    const lost = await client.request("GET", location)
    expect([lost.status, JSON.parse(lost.body.toString()).errors[0].code]).toEqual([404, "BLOB_UPLOAD_INVALID"])

    const second = String((await client.request("POST", "/v2/x/blobs/uploads/")).headers.location)
    const chunk = await client.request("PATCH", second, { "content-range": "0-999999" }, bytes)
    const status = await client.request("GET", String(chunk.headers.location))
    expect([status.status, status.headers.range]).toEqual([204, "0-999999"])
  })
})
