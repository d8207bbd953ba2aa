import { createHash } from "node:crypto"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import {
  type DockerDaemon,
  type DockerRegistry,
  dockerDaemon,
  dockerRegistry,
  needs,
  printingProgram,
  runnableImage,
  skopeo,
  tarArchive,
} from "@entrepot/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { parseManifest } from "../../content/manifest.ts"
import { mediaTypes } from "../../content/media-types.ts"
import type { SourceStore } from "../../content/store.ts"
import { parseReference } from "../../reference/index.ts"
import { openDockerDaemon } from "../docker-daemon/docker-daemon-source.ts"
import { createDockerDaemonTarget } from "../docker-daemon/docker-daemon-target.ts"
import { openOciArchive } from "../oci-archive/oci-archive-source.ts"
import { createOciArchive } from "../oci-archive/oci-archive-target.ts"
import { openOciLayout } from "../oci-layout/oci-layout-store.ts"
import { testHttp } from "../remote/remote.fixture.ts"
import { openRemote } from "../remote/remote-store.ts"
import { copyImage, putTestImage } from "../stores.fixture.ts"
import { openDockerArchive } from "./docker-archive-source.ts"
import { createDockerArchive } from "./docker-archive-target.ts"

describe.skipIf(needs("dockerd", "docker", "docker-registry", "skopeo", "root"))("archives and a real Docker", () => {
  let daemon: DockerDaemon
  let registry: DockerRegistry
  let directory: string
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), "archives-"))
    registry = await dockerRegistry()
    daemon = await dockerDaemon()
  })
  afterAll(async () => {
    await daemon?.[Symbol.asyncDispose]()
    await registry?.[Symbol.asyncDispose]()
    await rm(directory, { recursive: true, force: true })
  })

  const build = async (tag: string, message: string) => {
    const dockerfile = {
      name: "Dockerfile",
      content: Buffer.from('FROM scratch\nCOPY note /note\nCOPY hello /hello\nCMD ["/hello"]\n'),
    }
    const files = [dockerfile, { name: "note", content: Buffer.alloc(200_000, tag) }]
    await daemon.build(tag, tarArchive([...files, { name: "hello", content: printingProgram(`${message}\n`), mode: 0o755 }]))
  }
  const run = async (name: string) => (await daemon.docker(["run", "--rm", "--network", "none", name])).toString()

  /** Pushes what the source has, lets the daemon pull it, and runs it. */
  const pushPullRun = async (source: SourceStore, reference: string, repository: string) => {
    await using http = testHttp()
    const remote = openRemote({ host: registry.host, repository, http, side: "target" })
    const manifest = await copyImage(source, reference, remote, "v1")
    await remote.close()
    const name = `${registry.host}/${repository}:v1`
    const raw = await skopeo("inspect", "--tls-verify=false", "--raw", `docker://${name}`)
    expect(raw.equals(manifest.bytes)).toBe(true)
    await daemon.docker(["pull", "--quiet", name])
    const printed = await run(name)
    await daemon.docker(["rmi", "-f", name])
    return printed
  }

  it("pushes what docker save wrote, plain and compressed, so that the daemon pulls and runs it", async () => {
    await build("saved:1", "saved")
    const tar = await daemon.docker(["save", "saved:1"])
    await daemon.docker(["rmi", "saved:1"])
    for (const [name, bytes] of [
      ["saved.tar", tar],
      ["saved.tar.gz", gzipSync(tar)],
    ] as const) {
      const path = join(directory, name)
      await writeFile(path, bytes)
      const source = await openDockerArchive(path)
      expect(source.images.map((image) => image.names)).toEqual([["saved:1"]])
      expect(await pushPullRun(source, "saved:1", `proxy/${name.replaceAll(".", "-")}`)).toBe("saved\n")
      const parsed = parseManifest(await source.getManifest("@0"))
      expect(parsed.kind === "image" && parsed.layers.map((layer) => layer.mediaType)).toEqual([
        mediaTypes.dockerLayerTar,
        mediaTypes.dockerLayerTar,
      ])
      await source.close()
    }
  })

  it.each(["docker", "oci"] as const)("writes an archive of a %s image that docker load and skopeo read", async (kind) => {
    const path = join(directory, `written-${kind}.tar`)
    const image = runnableImage({ message: `written ${kind}`, mediaTypes: kind, extraLayers: [{ sizeBytes: 300_000 }] })
    const target = await createDockerArchive(path, parseReference(`example.com/written/${kind}`))
    await putTestImage(target, image, "v1")
    await target.finish()
    await target.close()

    await daemon.docker(["load", "--input", path])
    expect(await run(`example.com/written/${kind}:v1`)).toBe(`written ${kind}\n`)
    await skopeo("copy", `docker-archive:${path}:example.com/written/${kind}:v1`, `oci:${directory}/skopeo-${kind}:v1`)
    const converted = await openOciLayout(join(directory, `skopeo-${kind}`))
    const parsed = parseManifest(await converted.getManifest("v1"))
    expect(parsed.kind === "image" && parsed.layers.length).toBe(2)
    await using source = closing(await openDockerArchive(path))
    expect((await source.store.getManifest("v1")).bytes.equals(image.manifest)).toBe(true)
    expect(await pushPullRun(source.store, "v1", `again/${kind}`)).toBe(`written ${kind}\n`)
  })

  it("reads the archive that skopeo writes", async () => {
    await registry.client.push("skopeo/made:v1", runnableImage({ message: "by skopeo", mediaTypes: "docker" }))
    const path = join(directory, "skopeo.tar")
    await skopeo("copy", "--src-tls-verify=false", `docker://${registry.host}/skopeo/made:v1`, `docker-archive:${path}:made:v1`)
    await using source = closing(await openDockerArchive(path))
    expect(await pushPullRun(source.store, "made:v1", "skopeo/copied")).toBe("by skopeo\n")
  })

  it("takes an image out of the daemon and puts one in", async () => {
    const docker = { socketPath: daemon.socketPath }
    await build("inside:1", "inside")
    await using source = closing(await openDockerDaemon(parseReference("inside:1"), docker))
    expect(await pushPullRun(source.store, "@0", "daemon/out")).toBe("inside\n")

    const target = await createDockerDaemonTarget(parseReference("outside"), docker, directory)
    await putTestImage(target, runnableImage({ message: "outside" }), "v2")
    await expect(run("outside:v2")).rejects.toThrow("Unable to find image")
    await target.finish()
    await target.close()
    expect(await run("outside:v2")).toBe("outside\n")
    await expect(openDockerDaemon(parseReference("missing:1"), docker)).rejects.toMatchObject({
      code: "not_found",
      message: "the Docker daemon has no image missing:1",
    })
  })

  it("exchanges layouts and their archives with skopeo, digests unchanged", async () => {
    const image = runnableImage({ message: "layout", mediaTypes: "oci" })
    const layout = await openOciLayout(join(directory, "ours"), { create: true })
    await putTestImage(layout, image, "v1")
    await layout.close()
    await skopeo("copy", `oci:${directory}/ours:v1`, `oci-archive:${directory}/theirs.tar:v2`)
    await using theirs = closing(await openOciArchive(join(directory, "theirs.tar")))
    expect((await theirs.store.getManifest("v2")).bytes.equals(image.manifest)).toBe(true)
    const archive = await createOciArchive(join(directory, "ours.tar"))
    await copyImage(theirs.store, "v2", archive, "v3")
    await archive.close()
    const raw = await skopeo("inspect", "--raw", `oci-archive:${directory}/ours.tar:v3`)
    expect(createHash("sha256").update(raw).digest("hex")).toBe(image.descriptor.digest.slice(7))
    expect(await pushPullRun(theirs.store, "v2", "layout/back")).toBe("layout\n")
  })
})

function closing<Store extends SourceStore>(store: Store) {
  return { store, [Symbol.asyncDispose]: () => store.close() }
}
