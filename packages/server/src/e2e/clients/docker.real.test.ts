import { createServer } from "node:http"
import { type DockerDaemon, dockerDaemon, listenOnLoopback, needs } from "@entrepot/testing"
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest"
import { images, type PullScene, pullScene } from "./pull-scene.fixture.ts"
import { expectThreePulls } from "./three-pulls.fixture.ts"

describe.skipIf(needs("dockerd", "docker", "docker-registry", "root"))("docker", () => {
  let scene: PullScene
  let daemon: DockerDaemon
  beforeAll(async () => {
    scene = await pullScene()
    daemon = await dockerDaemon({ registryMirrors: [scene.server.url] })
  })
  afterAll(async () => {
    await daemon?.[Symbol.asyncDispose]()
    await scene?.[Symbol.asyncDispose]()
  })

  const docker = async (...args: readonly string[]) => (await daemon.docker(args)).toString().trim()

  async function forget() {
    const known = (await docker("image", "ls", "--all", "--quiet")).split("\n").filter((id) => id !== "")
    if (known.length > 0) await docker("image", "rm", "--force", ...new Set(known))
  }

  const digestOf = async (reference: string) =>
    (await docker("image", "inspect", "--format", "{{index .RepoDigests 0}}", reference)).split("@").at(-1) ?? ""

  test("searches by what the index of docker.io finds", async () => {
    await using index = await searchIndex()
    const added = { name: "an index", registry: "docker.io", url: index.origin }
    const { id } = await scene.admin.call<{ id: number }>("mutation", "upstreams.create", added)
    const found = await docker("search", "--format", "{{.Name}} {{.StarCount}} {{.IsOfficial}}", `${scene.host}/hello`)
    await scene.admin.call("mutation", "upstreams.remove", { id })
    expect(found).toBe("hello 7 [OK]\nsomebody/hello 3")
    expect(index.asked).toEqual(["/v1/search?q=hello&n=25&page=1"])
  })

  test("pulls through its registry-mirrors and by explicit names, also when no upstream is there any more", async () => {
    await expectThreePulls(
      scene,
      {
        forget,
        async pull(reference) {
          await docker("pull", "--quiet", reference)
          return digestOf(reference)
        },
      },
      {
        "hello:1": images.hello.whole.descriptor.digest,
        [`${scene.host}/library/named:1`]: images.named.whole.descriptor.digest,
        [`${scene.host}/gcr.io/tools/hello:1`]: images.tools.whole.descriptor.digest,
      },
    )
    expect(await docker("run", "--rm", "--network", "none", "hello:1")).toBe(images.hello.message)
  })

  test("logs in as a pull user or with a key alone, and with a key pushes what is pulled and run from there", async () => {
    const { host, pusher, admin } = scene
    await admin.call("mutation", "pullUsers.create", { name: "ann", password: "password of ann" })
    onTestFinished(() => void docker("logout", host).catch(() => undefined))
    const login = (user: string, password: string) =>
      daemon.docker(["login", "--username", user, "--password-stdin", host], Buffer.from(password))
    const named = `${host}/library/named:1`
    const [project, refused] = [`${host}/team/app:1`, "unauthorized: incorrect user name or password"]
    await docker("tag", named, project)

    await expect(docker("pull", named)).rejects.toThrow("may require 'docker login'")
    for (const [user, password] of [
      ["ann", "another"],
      ["nobody", "password of ann"],
      ["admin", "a token of our own"],
    ] as const) {
      await expect(login(user, password), user).rejects.toThrow(refused)
    }
    await login("ann", "password of ann")
    await docker("pull", "--quiet", named)
    await expect(docker("push", project)).rejects.toThrow("denied")
    await login(pusher.user, pusher.password)
    const pushed = /digest: (sha256:[0-9a-f]{64})/.exec(await docker("push", project))?.[1]
    await forget()
    expect(await docker("run", "--quiet", "--rm", "--network", "none", project)).toBe(images.named.message)
    expect(await digestOf(project)).toBe(pushed)

    await docker("logout", host)
    await forget()
    await expect(docker("pull", project)).rejects.toThrow("may require 'docker login'")
  })
})

/** Docker Hub's index, as far as `docker search` wants it: it finds the same for every word. */
async function searchIndex() {
  const asked: string[] = []
  const result = { description: "says hello", is_automated: false }
  const results = [
    { ...result, name: "hello", star_count: 7, is_official: true },
    { ...result, name: "somebody/hello", star_count: 3, is_official: false },
  ]
  const { origin, close } = await listenOnLoopback(
    createServer((request, response) => {
      asked.push(request.url ?? "")
      response.setHeader("content-type", "application/json")
      response.end(JSON.stringify({ num_pages: 1, num_results: 2, page_size: 25, page: "1", query: "hello", results }))
    }),
  )
  return { origin, asked, [Symbol.asyncDispose]: close }
}
