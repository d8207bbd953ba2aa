import { mkdtemp, readdir, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { digestOf, needs, skopeo } from "@entrepot/testing"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { images, type PullScene, pullScene } from "./pull-scene.fixture.ts"
import { expectThreePulls } from "./three-pulls.fixture.ts"

describe.skipIf(needs("skopeo", "docker-registry"))("skopeo", () => {
  let scene: PullScene
  let directory: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "entrepot-skopeo-"))
    scene = await pullScene()
  })
  afterAll(async () => {
    await scene?.[Symbol.asyncDispose]()
    await rm(directory, { recursive: true, force: true })
  })

  const plain = ["--src-tls-verify=false", "--dest-tls-verify=false"]

  /** Every file of a `dir:` that is named for a digest has it. */
  async function expectWholeDirectory(path: string): Promise<void> {
    const files = (await readdir(path)).filter((name) => /^[0-9a-f]{64}$/.test(name))
    expect(files.length).toBeGreaterThan(3)
    for (const name of files) expect(digestOf(await readFile(join(path, name)))).toBe(`sha256:${name}`)
  }

  test("copies all platforms of what is read through, also when no upstream is there any more", async () => {
    let pulled = 0
    await expectThreePulls(
      scene,
      {
        forget: async () => undefined,
        async pull(reference) {
          const to = join(directory, String(pulled++))
          await skopeo("copy", "--quiet", "--all", ...plain, `docker://${reference}`, `dir:${to}`)
          await expectWholeDirectory(to)
          return digestOf(await readFile(join(to, "manifest.json")))
        },
      },
      {
        [`${scene.host}/library/hello:1`]: images.hello.whole.descriptor.digest,
        [`${scene.host}/docker.io/library/named:1`]: images.named.whole.descriptor.digest,
        [`${scene.host}/gcr.io/tools/hello:1`]: images.tools.whole.descriptor.digest,
      },
    )
  })

  test("copies within the server into a project with a key, inspects it, and syncs it out again with every tag", async () => {
    const { host, pusher } = scene
    const login = `${pusher.user}:${pusher.password}`
    const ends = [`docker://${host}/library/hello:1`, `docker://${host}/team/tools/hello:1`]
    await expect(skopeo("copy", "--quiet", "--all", ...plain, ...ends)).rejects.toThrow(/denied|unauthorized/)
    await skopeo("copy", "--quiet", "--all", ...plain, "--dest-creds", login, ...ends)
    await skopeo(
      "copy",
      "--quiet",
      "--all",
      ...plain,
      "--dest-creds",
      login,
      `docker://${host}/library/named:1`,
      `docker://${host}/team/tools/hello:2`,
    )

    const inspected = await skopeo("inspect", "--tls-verify=false", "--creds", login, `docker://${host}/team/tools/hello:1`)
    expect(JSON.parse(inspected.toString())).toMatchObject({
      Name: `${host}/team/tools/hello`,
      Digest: images.hello.whole.descriptor.digest,
      RepoTags: ["1", "2"],
      Architecture: "amd64",
    })
    const raw = await skopeo("inspect", "--raw", "--tls-verify=false", "--creds", login, `docker://${host}/team/tools/hello:2`)
    expect(raw.equals(images.named.whole.manifest)).toBe(true)

    const synced = join(directory, "synced")
    const from = ["--src", "docker", "--src-tls-verify=false", "--src-creds", login, `${host}/team/tools/hello`]
    await skopeo("sync", "--all", ...from, "--dest", "dir", synced)
    for (const [tag, { whole }] of [
      ["1", images.hello],
      ["2", images.named],
    ] as const) {
      const path = join(synced, `hello:${tag}`)
      await expectWholeDirectory(path)
      expect(digestOf(await readFile(join(path, "manifest.json")))).toBe(whole.descriptor.digest)
    }
    await expect(skopeo("inspect", "--tls-verify=false", ends[1] ?? "")).rejects.toThrow(/denied|unauthorized/)
  })
})
