import { describe, expect, test } from "vitest"
import { runnableImage } from "../images/runnable-image.ts"
import { testRegistry } from "../registry/test-registry.ts"
import { containerd } from "./containerd.ts"
import { needs } from "./needs.ts"
import { nginx } from "./nginx.ts"
import { podman } from "./podman.ts"

describe.skipIf(needs("containerd", "ctr", "root"))("containerd", () => {
  test("pulls through a mirror of its hosts file, and says ns=", async () => {
    await using hub = await testRegistry({ images: { "library/hello:1": runnableImage() } })
    await using daemon = await containerd()
    await daemon.setHosts(
      "docker.io",
      `server = "https://registry-1.docker.io"\n[host."${hub.origin}"]\ncapabilities = ["pull", "resolve"]\n`,
    )
    await daemon.pull("docker.io/library/hello:1")
    expect((await daemon.ctr("images", "list", "-q")).toString()).toBe("docker.io/library/hello:1\n")
    expect(hub.requests.every(({ path }) => path === "/v2/" || path.endsWith("ns=docker.io"))).toBe(true)
  })
})

describe.skipIf(needs("podman", "buildah", "root"))("podman", () => {
  test("pulls, and pushes what buildah made of it", async () => {
    await using hub = await testRegistry({ images: { "library/hello:1": runnableImage() } })
    await using tools = await podman()
    await tools.podman(["pull", "--quiet", "--tls-verify=false", `${hub.host}/library/hello:1`])
    const container = (await tools.buildah("from", `${hub.host}/library/hello:1`)).toString().trim()
    await tools.buildah("commit", "--quiet", container, `${hub.host}/library/changed:1`)
    await tools.buildah("push", "--quiet", "--tls-verify=false", `${hub.host}/library/changed:1`)
    expect(hub.matching("PUT manifest").map(({ status, path }) => [status, path])).toEqual([
      [201, "/v2/library/changed/manifests/1"],
    ])
  })
})

describe.skipIf(needs("nginx"))("nginx", () => {
  test("serves by the configuration that it is given", async () => {
    await using server = await nginx(({ port }) => `server { listen 127.0.0.1:${port}; location / { return 200 "here\\n"; } }`)
    expect(await (await fetch(server.origin)).text()).toBe("here\n")
  })
})
