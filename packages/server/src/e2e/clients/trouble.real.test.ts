import { readdir, readFile, stat } from "node:fs/promises"
import { join } from "node:path"
import {
  type CountingProxy,
  countingProxy,
  dockerDaemon,
  dockerRegistry,
  faultProxy,
  freePort,
  image,
  needs,
  runnableImage,
  skopeo,
} from "@entrepot/testing"
import { describe, expect, test } from "vitest"
import { claimServer } from "../caller.fixture.ts"
import { serverDirectory } from "../server-directory.fixture.ts"
import { buildServerProgram, startServerProcess } from "../server-process.fixture.ts"

const mebibyte = 1024 * 1024

/** Resolves once this much of blobs has come over. */
async function untilSent(door: Pick<CountingProxy, "bytesOut">, bytes: number): Promise<void> {
  await expect.poll(() => door.bytesOut("GET blob"), { timeout: 60_000, interval: 10 }).toBeGreaterThan(bytes)
}

describe.skipIf(needs("docker-registry", "skopeo"))("skopeo", () => {
  test("fault 32: pulls again what broke off when the server was killed, which goes on where it was once it is back", async () => {
    const sizeBytes = 24 * mebibyte
    const large = image({ seed: "killed", layers: [{ sizeBytes }] })
    await using hub = await dockerRegistry()
    await hub.client.push("library/large:1", large)
    // Slow enough to be killed in the middle; what is counted has come over.
    await using link = await faultProxy(hub.host, [{ as: "linkRate", bytesPerSecond: 8 * mebibyte }])
    await using door = await countingProxy(link.host)
    await using program = await buildServerProgram()
    const directory = await serverDirectory()
    const port = String(await freePort())
    const start = () =>
      startServerProcess({
        ...{ program, directory },
        variables: { UPSTREAM_REGISTRY: door.origin, INSECURE_REGISTRIES: door.host, PORT: port },
      })
    const first = await start()
    const to = join(directory, "copied")
    const from = `docker://127.0.0.1:${port}/library/large:1`
    const copy = () => skopeo("copy", "--quiet", "--src-tls-verify=false", from, `dir:${to}`)
    const broken = expect(copy()).rejects.toThrow(/EOF|reset|refused/)
    await untilSent(door, sizeBytes / 2)
    await first.stop("SIGKILL")
    await broken
    const partials = join(directory, "data", "registry", "partials")
    const names = await readdir(partials)
    expect(names.length).toBe(1)
    const kept = (await stat(join(partials, names[0] ?? ""))).size
    expect(kept).toBeGreaterThan(2 * mebibyte)

    door.clear()
    await using _second = await start()
    await copy()
    expect((await readFile(join(to, "manifest.json"))).equals(large.manifest)).toBe(true)
    // What is on the disk is not asked for again.
    expect(door.bytesOut("GET blob")).toBeLessThan(sizeBytes - kept + 2 * mebibyte)
  })
})

describe.skipIf(needs("dockerd", "docker", "docker-registry", "root"))("docker", () => {
  test("fault 41: pulls an image whose upstream dies in the middle of a blob, since another of the same registry goes on", async () => {
    const sizeBytes = 16 * mebibyte
    const whole = runnableImage({ message: "carried over", extraLayers: [{ sizeBytes }] })
    await using dying = await dockerRegistry()
    await using other = await dockerRegistry()
    for (const upstream of [dying, other]) await upstream.client.push("library/large:1", whole)
    await using link = await faultProxy(dying.host, [{ as: "linkRate", bytesPerSecond: 8 * mebibyte }])
    await using dyingDoor = await countingProxy(link.host)
    await using otherDoor = await countingProxy(other.host)
    await using program = await buildServerProgram()
    await using server = await startServerProcess({
      ...{ program, directory: await serverDirectory() },
      variables: { UPSTREAM_REGISTRY: dyingDoor.origin, INSECURE_REGISTRIES: `${dyingDoor.host},${otherDoor.host}` },
    })
    const admin = await claimServer(server.url, "a token of our own")
    const { upstreams } = await admin.call<{ upstreams: { id: number; configured: boolean }[] }>("query", "upstreams.list")
    for (const { id } of upstreams.filter(({ configured }) => !configured))
      await admin.call("mutation", "upstreams.remove", { id })
    await admin.call("mutation", "upstreams.create", { name: "the other", registry: "docker.io", url: otherDoor.origin })
    await using daemon = await dockerDaemon()
    const name = `${new URL(server.url).host}/library/large:1`
    const pulled = daemon.docker(["pull", "--quiet", name])
    await Promise.race([untilSent(dyingDoor, sizeBytes / 2), pulled])
    await link.close()
    await pulled

    const [dyingSent, otherSent] = [dyingDoor, otherDoor].map((door) => door.bytesOut("GET blob"))
    expect(otherSent).toBeGreaterThan(0)
    expect((dyingSent ?? 0) + (otherSent ?? 0)).toBeLessThan(sizeBytes + 2 * mebibyte)
    const digest = await daemon.docker(["image", "inspect", "--format", "{{index .RepoDigests 0}}", name])
    expect(digest.toString().trim()).toBe(`${name.slice(0, -2)}@${whole.descriptor.digest}`)
    expect((await daemon.docker(["run", "--rm", "--network", "none", name])).toString()).toBe("carried over\n")
  })
})
