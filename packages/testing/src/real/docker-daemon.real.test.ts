import { describe, expect, it } from "vitest"
import { printingProgram, runnableImage } from "../images/runnable-image.ts"
import { tarArchive } from "../images/tar-entry.ts"
import { dockerDaemon } from "./docker-daemon.ts"
import { dockerRegistry } from "./docker-registry.ts"
import { needs } from "./needs.ts"

describe.skipIf(needs("dockerd", "docker", "docker-registry", "root"))("dockerDaemon", () => {
  it("pulls, runs, builds, pushes, saves and loads; and comes back with its images after a crash", async () => {
    await using registry = await dockerRegistry()
    await using daemon = await dockerDaemon()
    for (const mediaTypes of ["docker", "oci"] as const) {
      const message = `hello from ${mediaTypes}`
      const name = `${registry.host}/hello/${mediaTypes}:1`
      await registry.client.push(
        `hello/${mediaTypes}:1`,
        runnableImage({ message, mediaTypes, extraLayers: [{ sizeBytes: 400_000 }] }),
      )
      await daemon.docker(["pull", "--quiet", name])
      expect((await daemon.docker(["run", "--rm", "--network", "none", name])).toString()).toBe(`${message}\n`)
    }

    const built = `${registry.host}/hello/built:1`
    const dockerfile = { name: "Dockerfile", content: Buffer.from('FROM scratch\nCOPY hello /hello\nCMD ["/hello"]\n') }
    await daemon.build(built, tarArchive([dockerfile, { name: "hello", content: printingProgram("built\n"), mode: 0o755 }]))
    await daemon.docker(["push", "--quiet", built])
    expect((await registry.client.manifest("hello/built", "1"))?.mediaType).toBe(
      "application/vnd.docker.distribution.manifest.v2+json",
    )

    const saved = await daemon.docker(["save", built])
    await daemon.docker(["rmi", built])
    await daemon.docker(["load"], saved)
    await daemon.stop("SIGKILL")
    await expect(daemon.docker(["images"])).rejects.toThrow("Cannot connect to the Docker daemon")
    await daemon.start()
    expect((await daemon.docker(["run", "--rm", "--network", "none", built])).toString()).toBe("built\n")
  })
})
