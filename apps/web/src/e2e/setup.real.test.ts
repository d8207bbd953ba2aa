import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import {
  type Containerd,
  containerd,
  digestOf,
  dockerDaemon,
  needs,
  podman,
  runProgram,
  type TestRegistry,
  which,
} from "@entrepot/testing"
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest"
import { lacksBrowser, type Visitor } from "./browser.fixture.ts"
import { eventually } from "./eventually.fixture.ts"
import { logIn } from "./log-in.fixture.ts"
import { fileOf, readSetup, type ShownSetup, standInForUpstreams, upstreamImages } from "./setup-scene.fixture.ts"
import { stageFor } from "./stage.fixture.ts"

const lacksClients = needs("dockerd", "docker", "containerd", "ctr", "podman", "buildah", "skopeo", "root")

const hostsFile = /^\/etc\/containerd\/certs\.d\/(.+)\/hosts\.toml$/

describe.skipIf(lacksBrowser || lacksClients)("what the set-up page writes is taken as it stands by", () => {
  const stage = stageFor()
  let hub: TestRegistry
  beforeAll(async () => {
    hub = await standInForUpstreams(stage.site.client)
  })
  afterAll(() => hub?.[Symbol.asyncDispose]())

  const host = () => new URL(stage.site.url).host
  const digests = Object.fromEntries(
    Object.entries(upstreamImages).map(([reference, { descriptor }]) => [reference, descriptor.digest]),
  )

  async function openSetup(): Promise<Visitor> {
    const visitor = await stage.visit()
    await logIn(visitor, "/setup")
    return visitor
  }

  /** Forgets what was pulled, and gives what tells whether a repository is pulled from this server from now on. */
  async function expectPulls(repositories: readonly string[], pull: () => Promise<void>): Promise<void> {
    const { client } = stage.site
    await client.accessLog.clear.mutate()
    await pull()
    const pulled = async () => {
      const { entries } = await client.accessLog.list.query({ status: 200 })
      return repositories.filter((name) => !entries.some(({ action, repository }) => action === "pull" && repository === name))
    }
    await eventually(pulled).toEqual([])
  }

  test("dockerd", async () => {
    const visitor = await openSetup()
    const setup = await readSetup(visitor, "docker")
    const download = visitor.page.waitForEvent("download")
    await visitor.page.getByRole("button", { name: visitor.say("setup.download", { name: "daemon.json" }), exact: true }).click()
    const file = await download
    const text = fileOf(setup, "/etc/docker/daemon.json")
    expect([file.suggestedFilename(), await readFile(await file.path(), "utf8")]).toEqual(["daemon.json", text])

    await using daemon = await dockerDaemon({ configuration: text })
    const docker = async (...args: readonly string[]) => (await daemon.docker(args)).toString().trim()
    const { Mirrors, IndexConfigs } = JSON.parse(await docker("info", "--format", "{{json .RegistryConfig}}"))
    expect([Mirrors, IndexConfigs[host()].Secure]).toEqual([[`${stage.site.url}/`], false])
    await expectPulls(["docker.io/library/hello", "gcr.io/tools/hello"], async () => {
      await docker("pull", "--quiet", "hello:1")
      await docker("pull", "--quiet", `${host()}/gcr.io/tools/hello:1`)
    })
    expect(await docker("run", "--rm", "--network", "none", "hello:1")).toBe("from the hub")
    expect(setup.commands).toContain("docker pull nginx")
    expect(hub.count("GET blob")).toBeGreaterThan(0)
  })

  async function setUp(daemon: Containerd, { files }: ShownSetup): Promise<void> {
    for (const [path, text] of files) {
      const name = hostsFile.exec(path)?.[1]
      if (name !== undefined) await daemon.setHosts(name, text)
    }
  }

  async function expectConfigured(text: string): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), "entrepot-setup-"))
    onTestFinished(() => rm(directory, { recursive: true, force: true }))
    const path = join(directory, "config.toml")
    await writeFile(path, text)
    return (await runProgram(which("containerd") ?? "", ["--config", path, "config", "dump"])).toString()
  }

  test("containerd, for registries with and without a port and for the server's own name", async () => {
    const setup = await readSetup(await openSetup(), "containerd")
    await using daemon = await containerd()
    await setUp(daemon, setup)
    await expectPulls(["docker.io/library/hello", "gcr.io/tools/hello", "registry.example:5000/more/hello"], async () => {
      for (const [reference, digest] of Object.entries(digests)) {
        await daemon.pull(reference)
        expect((await daemon.ctr("images", "list", `name==${reference}`)).toString()).toContain(digest)
      }
    })
    await daemon.pull(`${host()}/docker.io/library/hello:1`)
    const dump = await expectConfigured(fileOf(setup, "/etc/containerd/config.toml (containerd 1.x)"))
    expect(dump).toContain('config_path = "/etc/containerd/certs.d"')
  })

  test("podman, Buildah and Skopeo", async () => {
    const setup = await readSetup(await openSetup(), "podman")
    await using tools = await podman()
    await tools.addRegistries("entrepot.conf", fileOf(setup, "/etc/containers/registries.conf.d/entrepot.conf"))
    const hello = "docker.io/library/hello:1"
    const inspect = async (reference: string) =>
      (await tools.podman(["image", "inspect", "--format", "{{.Digest}}", reference])).toString().trim()
    await expectPulls(["docker.io/library/hello", "gcr.io/tools/hello"], async () => {
      await tools.podman(["pull", "--quiet", hello])
      await tools.buildah("pull", "--quiet", "gcr.io/tools/hello:1")
    })
    expect([await inspect(hello), await inspect("gcr.io/tools/hello:1")]).toEqual([
      digests[hello],
      digests["gcr.io/tools/hello:1"],
    ])
    await expectPulls(["docker.io/library/hello"], async () => {
      const raw = await tools.skopeo("inspect", "--raw", `docker://${hello}`)
      expect(digestOf(raw)).toBe(digests[hello])
    })
    await tools.podman(["pull", "--quiet", `${host()}/gcr.io/tools/hello:1`])
  })

  test("all of them once people have to log in", async () => {
    const { client } = stage.site
    await client.pullUsers.create.mutate({ name: "ann", password: "password of ann" })
    const visitor = await openSetup()
    const { page, say } = visitor
    await page.getByLabel(say("setup.user"), { exact: true }).fill("ann")
    const password = Buffer.from("password of ann")
    const [docker, runtime, pods] = [
      await readSetup(visitor, "docker"),
      await readSetup(visitor, "containerd"),
      await readSetup(visitor, "podman"),
    ]
    expect(docker.commands).toContain(`docker login --username ann ${host()}`)
    expect(pods.commands[0]).toBe(`podman login --username ann ${host()}`)

    await using tools = await podman()
    await tools.addRegistries("entrepot.conf", fileOf(pods, "/etc/containers/registries.conf.d/entrepot.conf"))
    await expect(tools.podman(["pull", "--quiet", `${host()}/docker.io/library/hello:1`])).rejects.toThrow(/unauthorized|denied/)
    await tools.podman(["login", "--username", "ann", "--password-stdin", host()], password)
    await expectPulls(["docker.io/library/hello"], async () => {
      await tools.podman(["pull", "--quiet", "docker.io/library/hello:1"])
    })

    await using daemon = await containerd()
    await setUp(daemon, runtime)
    await expectPulls(["docker.io/library/hello", "registry.example:5000/more/hello"], async () => {
      await daemon.pull("docker.io/library/hello:1", { login: "ann:password of ann" })
      await daemon.pull("registry.example:5000/more/hello:1", { login: "ann:password of ann" })
    })
    const dump = await expectConfigured(fileOf(runtime, "/etc/containerd/config.toml (containerd 1.x)"))
    expect(dump).toContain(`[plugins."io.containerd.grpc.v1.cri".registry.configs."${host()}".auth]`)
    expect(dump).toContain('username = "ann"')
  })
})
