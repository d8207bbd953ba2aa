import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { image, index } from "../images/image.ts"
import { dockerRegistry } from "../real/docker-registry.ts"
import { needs } from "../real/needs.ts"
import { skopeo } from "../real/skopeo.ts"
import { testRegistry } from "./test-registry.ts"

const plain = ["--src-tls-verify=false", "--dest-tls-verify=false"]

describe.skipIf(needs("skopeo"))("testRegistry, judged by skopeo", () => {
  it("is copied from and to, byte for byte", async () => {
    const both = index([
      image({ seed: "amd64", layers: [{ sizeBytes: 3_000_000 }, { sizeBytes: 200_000, compressible: true }] }),
      image({ seed: "arm64", platform: { os: "linux", architecture: "arm64" } }),
    ])
    await using from = await testRegistry({ images: { "library/both:1": both } })
    await using to = await testRegistry()
    await skopeo("copy", "--all", ...plain, `docker://${from.host}/library/both:1`, `docker://${to.host}/copies/both:2`)
    expect(to.holds("copies/both:2", both)).toBe(true)
    const raw = await skopeo("inspect", "--raw", "--tls-verify=false", `docker://${to.host}/copies/both:2`)
    expect(raw.equals(both.manifest)).toBe(true)
  })

  it("lists tags over several pages and inspects", async () => {
    const one = image({ seed: "one", mediaTypes: "docker" })
    const names = Array.from({ length: 25 }, (_, i) => `v${i}`)
    await using hub = await testRegistry({ images: Object.fromEntries(names.map((tag) => [`tagged:${tag}`, one])) })
    const listed = JSON.parse((await skopeo("list-tags", "--tls-verify=false", `docker://${hub.host}/tagged`)).toString())
    expect(listed.Tags.sort()).toEqual(names.sort())
    const shown = JSON.parse((await skopeo("inspect", "--tls-verify=false", `docker://${hub.host}/tagged:v1`)).toString())
    expect(shown.Digest).toBe(one.descriptor.digest)
  })

  it("asks skopeo for a token, and for a password", async () => {
    const made = image({ seed: "private" })
    const users = { ann: "secret" }
    await using from = await testRegistry({ images: { "private/x:1": made }, auth: { token: users, otherPort: true } })
    await using to = await testRegistry({ auth: { basic: users } })
    const [source, target] = [`docker://${from.host}/private/x:1`, `docker://${to.host}/x:1`]
    await expect(skopeo("copy", ...plain, source, target)).rejects.toThrow("requested access to the resource is denied")
    await skopeo("copy", ...plain, "--src-creds", "ann:secret", "--dest-creds", "ann:secret", source, target)
    expect(to.holds("x:1", made)).toBe(true)
    expect(from.count("GET token")).toBeGreaterThan(0)
  })

  it("sends skopeo to another origin for blobs", async () => {
    const made = image({ seed: "far", layers: [{ sizeBytes: 500_000 }] })
    await using hub = await testRegistry({ images: { "far:1": made }, redirectBlobs: true })
    const directory = await mkdtemp(join(tmpdir(), "skopeo-"))
    try {
      await skopeo("copy", "--src-tls-verify=false", `docker://${hub.host}/far:1`, `dir:${directory}`)
    } finally {
      await rm(directory, { recursive: true })
    }
    expect(hub.count("GET cdn")).toBe(2)
    expect(hub.bytesOut("GET cdn")).toBeGreaterThan(500_000)
  })
})

describe.skipIf(needs("skopeo", "docker-registry"))("testRegistry and docker-registry", () => {
  it("give the same image to each other through skopeo", async () => {
    const made = image({ seed: "exchange", layers: [{ sizeBytes: 2_000_000 }], mediaTypes: "docker" })
    await using real = await dockerRegistry()
    await using hub = await testRegistry()
    await real.client.push("x:1", made)
    await skopeo("copy", ...plain, `docker://${real.host}/x:1`, `docker://${hub.host}/x:1`)
    expect(hub.holds("x:1", made)).toBe(true)
    await skopeo("copy", ...plain, `docker://${hub.host}/x:1`, `docker://${real.host}/back:1`)
    expect(await real.client.holds("back:1", made)).toBe(true)
  })
})
