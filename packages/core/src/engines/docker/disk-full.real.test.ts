import { execFileSync } from "node:child_process"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { dockerDaemon, dockerRegistry, image, needs } from "@entrepot/testing"
import { describe, expect, it } from "vitest"
import type { OutcomeEvent } from "../../transfer/events.ts"
import { createDockerEngine } from "./index.ts"

/** A file system of its own in memory, unmounted at the end. */
function smallDisk(megabytes: number): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "small-disk-"))
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", path])
  return {
    path,
    [Symbol.dispose]() {
      execFileSync("umount", ["-l", path])
      rmSync(path, { recursive: true })
    },
  }
}

describe.skipIf(needs("dockerd", "docker", "docker-registry", "mount", "root"))(
  "a Docker daemon whose disk is full (fault 48)",
  () => {
    it("is told as that, and loses only what this transfer made", async () => {
      using disk = smallDisk(24)
      await using daemon = await dockerDaemon({ dataRoot: join(disk.path, "docker") })
      await using registry = await dockerRegistry()
      await registry.client.push("small:1", image({ seed: "small", layers: [{ sizeBytes: 4096 }] }))
      await registry.client.push("large:1", image({ seed: "large", layers: [{ sizeBytes: 4096 }, { sizeBytes: 40_000_000 }] }))
      await daemon.docker(["pull", "--quiet", `${registry.host}/small:1`])
      const before = (await daemon.docker(["images", "-aq", "--no-trunc"])).toString()

      const engine = createDockerEngine({ connection: { socketPath: daemon.socketPath } })
      let outcome: OutcomeEvent | undefined
      const request = { source: `docker://${registry.host}/large:1`, target: `docker://${registry.host}/proxy/large:1` }
      for await (const event of engine.copy(request)) if (event.type === "outcome") outcome = event

      expect(outcome?.outcome).toBe("failed")
      expect(outcome?.error).toMatchObject({
        code: "local_io",
        side: "local",
        hint: "free disk space where the Docker daemon keeps its images, then try again",
      })
      expect(outcome?.error?.message).toContain("no space left on device")
      expect((await daemon.docker(["images", "-aq", "--no-trunc"])).toString()).toBe(before)
      expect(await registry.client.manifest("proxy/large", "1")).toBeUndefined()
    })
  },
)
