import { type Containerd, containerd, needs } from "@entrepot/testing"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { images, type PullScene, pullScene, registries } from "./pull-scene.fixture.ts"
import { expectThreePulls } from "./three-pulls.fixture.ts"

describe.skipIf(needs("containerd", "ctr", "docker-registry", "root"))("containerd", () => {
  let scene: PullScene
  let daemon: Containerd
  beforeAll(async () => {
    scene = await pullScene()
    daemon = await containerd()
    const capabilities = 'capabilities = ["pull", "resolve"]'
    for (const registry of ["docker.io", ...registries]) {
      // Were the mirror passed over, it would be this address that cannot be dialled.
      await daemon.setHosts(registry, `server = "http://127.0.0.1:1"\n[host."${scene.server.url}"]\n${capabilities}\n`)
    }
  })
  afterAll(async () => {
    await daemon?.[Symbol.asyncDispose]()
    await scene?.[Symbol.asyncDispose]()
  })

  const lines = async (...args: readonly string[]) =>
    (await daemon.ctr(...args))
      .toString()
      .split("\n")
      .filter((line) => line !== "")

  async function forget() {
    const names = await lines("images", "list", "--quiet")
    if (names.length > 0) await daemon.ctr("images", "remove", "--sync", ...names)
    expect(await lines("content", "list", "--quiet")).toEqual([])
  }

  async function digestOf(reference: string) {
    const listed = await lines("images", "list", `name==${reference}`)
    return /sha256:[0-9a-f]{64}/.exec(listed.at(-1) ?? "")?.[0] ?? ""
  }

  const refused = /401|403|denied|unauthorized/i

  test("pulls by the hosts files of docker.io, gcr.io and a registry with a port, and without one by the server's own name", async () => {
    await expectThreePulls(
      scene,
      {
        forget,
        async pull(reference) {
          await daemon.pull(reference, { plainHttp: true })
          return digestOf(reference)
        },
      },
      {
        "docker.io/library/hello:1": images.hello.whole.descriptor.digest,
        "gcr.io/tools/hello:1": images.tools.whole.descriptor.digest,
        "registry.example:5000/tools/more:1": images.more.whole.descriptor.digest,
        [`${scene.host}/library/named:1`]: images.named.whole.descriptor.digest,
      },
    )
  })

  test("once people need to log in, pulls with a login, and what anybody may pull without", async () => {
    const { admin } = scene
    await admin.call("mutation", "pullUsers.create", { name: "ann", password: "password of ann" })
    await admin.call("mutation", "accessRules.create", { effect: "allow", prefix: "library/named" })
    const pull = (image: string, login?: string) =>
      daemon.pull(image, { plainHttp: true, ...(login === undefined ? {} : { login }) })
    await forget()
    await pull("docker.io/library/named:1")
    for (const image of [
      "docker.io/library/hello:1",
      "registry.example:5000/tools/more:1",
      `${scene.host}/gcr.io/tools/hello:1`,
    ]) {
      await expect(pull(image), image).rejects.toThrow(refused)
      await expect(pull(image, "ann:another"), image).rejects.toThrow(refused)
      await pull(image, "ann:password of ann")
    }
  })
})
