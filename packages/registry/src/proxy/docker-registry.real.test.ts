import { credentials } from "@entrepot/core"
import { contentBytes, dockerRegistry, image, index, needs } from "@entrepot/testing"
import { describe, expect, test } from "vitest"
import { app, bytesOf, signal, testProxy, upstreamAt } from "./proxy.fixture.ts"

const children = ["amd64", "arm64"].map((architecture) =>
  image({
    seed: architecture,
    platform: { os: "linux", architecture },
    layers: [{ sizeBytes: 3_000_000 }, { sizeBytes: 2_000 }],
  }),
)
const all = index(children)

describe.skipIf(needs("docker-registry", "htpasswd"))("a docker-registry that wants a login", () => {
  test("is read through with the login that is configured, and not missed when it is switched off", async () => {
    const login = { user: "robot", password: "s3cret" }
    await using hub = await dockerRegistry({ htpasswd: login })
    await hub.client.push("team/app:v1", all)
    const stored = async () => credentials({ username: login.user, password: login.password })
    const through = await testProxy([upstreamAt(hub, { credentials: stored })])
    const repository = through.proxy.repository(app)
    const pull = async (cache: string, root: string) => {
      const found = await repository.manifest("v1", signal)
      expect(found).toMatchObject({ cache: root, descriptor: { digest: all.descriptor.digest } })
      expect(found?.bytes).toEqual(all.manifest)
      for (const { descriptor, manifest } of children) {
        const child = await repository.manifest(descriptor.digest, signal)
        expect([child?.cache, child?.bytes]).toEqual([cache, manifest])
      }
      for (const [digest, content] of all.blobs)
        expect((await bytesOf(through, digest))?.equals(await contentBytes(content))).toBe(true)
    }
    expect(await repository.describe("v1", signal)).toMatchObject({
      cache: "miss",
      descriptor: { digest: all.descriptor.digest },
    })
    await pull("miss", "miss")
    expect(await repository.tags({ after: undefined, limit: 9 }, signal)).toEqual({ names: ["v1"], more: false })
    expect(await repository.referrers(all.descriptor.digest, signal)).toEqual([])
    expect(await repository.manifest("v2", signal)).toBeUndefined()
    await pull("hit", "hit")
    through.time.now += 60_000
    await pull("hit", "revalidated")
    await hub[Symbol.asyncDispose]()
    through.time.now += 60_000
    await pull("hit", "stale")
    expect(await repository.tags({ after: undefined, limit: 9 }, signal)).toEqual({ names: ["v1"], more: false })
    await expect(repository.manifest("v3", signal)).rejects.toMatchObject({ status: 502 })
  })
})
