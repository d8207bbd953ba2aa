import { needs, type Podman, podman } from "@entrepot/testing"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { images, type PullScene, pullScene } from "./pull-scene.fixture.ts"
import { expectThreePulls } from "./three-pulls.fixture.ts"

describe.skipIf(needs("podman", "buildah", "docker-registry", "root"))("podman", () => {
  let scene: PullScene
  let tools: Podman
  beforeAll(async () => {
    scene = await pullScene()
    tools = await podman()
    const mirror = (prefix: string, location: string) =>
      `[[registry]]\nlocation = "${prefix}"\n[[registry.mirror]]\nlocation = "${location}"\ninsecure = true\n`
    await tools.setRegistries(
      `${mirror("docker.io", scene.host)}${mirror("gcr.io", `${scene.host}/gcr.io`)}[[registry]]\nlocation = "${scene.host}"\ninsecure = true\n`,
    )
  })
  afterAll(async () => {
    await tools?.[Symbol.asyncDispose]()
    await scene?.[Symbol.asyncDispose]()
  })

  const run = async (...args: readonly string[]) => (await tools.podman(args)).toString().trim()

  test("pulls by the mirrors of registries.conf and by the server's own name, also when no upstream is there any more", async () => {
    await expectThreePulls(
      scene,
      {
        forget: async () => void (await run("image", "rm", "--all", "--force")),
        async pull(reference) {
          await run("pull", "--quiet", reference)
          return run("image", "inspect", "--format", "{{.Digest}}", reference)
        },
      },
      {
        "docker.io/library/hello:1": images.hello.whole.descriptor.digest,
        "gcr.io/tools/hello:1": images.tools.whole.descriptor.digest,
        [`${scene.host}/library/named:1`]: images.named.whole.descriptor.digest,
      },
    )
  })

  test("logs in, and pushes to a project what buildah makes of an image that came from here", async () => {
    const { host, pusher, admin } = scene
    await admin.call("mutation", "pullUsers.create", { name: "ann", password: "password of ann" })
    const login = (user: string, password: string) =>
      tools.podman(["login", "--username", user, "--password-stdin", host], Buffer.from(password))
    await expect(login("ann", "another")).rejects.toThrow("invalid username/password")
    await expect(login("admin", "a token of our own")).rejects.toThrow("invalid username/password")
    await login("ann", "password of ann")
    await run("image", "rm", "--all", "--force")
    const container = (await tools.buildah("from", `${host}/library/named:1`)).toString().trim()
    await tools.buildah("config", "--label", "made=here", container)
    await tools.buildah("commit", "--quiet", container, `${host}/team/made:1`)
    await expect(tools.buildah("push", "--quiet", `${host}/team/made:1`)).rejects.toThrow("denied")
    await login(pusher.user, pusher.password)
    await tools.buildah("push", "--quiet", `${host}/team/made:1`)

    await run("image", "rm", "--all", "--force")
    await run("pull", "--quiet", `${host}/team/made:1`)
    expect(await run("image", "inspect", "--format", "{{.Labels.made}}", `${host}/team/made:1`)).toBe("here")
    await run("logout", host)
    await expect(run("pull", "--quiet", `${host}/team/made:1`)).rejects.toThrow(/unauthorized|denied/)
  })
})
