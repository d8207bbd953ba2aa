import { mkdtemp, readdir, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { image, needs, runProgram, testRegistry } from "@entrepot/testing"
import { afterEach, beforeEach, describe, expect, test } from "vitest"
import { digestOf } from "../../content/digest.ts"
import { describeHint } from "../../errors/hints.ts"
import { describeError } from "../../errors/messages.ts"
import { createHttp } from "../../http/create-http.ts"
import type { OutcomeEvent } from "../../transfer/events.ts"
import { createDirectEngine } from "../direct.ts"

const small = image({ seed: "small", layers: [{ sizeBytes: 300_000 }] })
const large = image({ seed: "large", layers: [{ sizeBytes: 3_000_000 }, { sizeBytes: 3_000_000 }, { sizeBytes: 20_000 }] })

describe.skipIf(needs("mount", "umount", "root"))("a copy into a cache whose disk fills up", () => {
  let directory: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "cache-full-"))
    await runProgram("mount", ["-t", "tmpfs", "-o", "size=4m", "none", directory])
  })
  afterEach(async () => {
    await runProgram("umount", [directory])
    await rm(directory, { recursive: true })
  })

  test("fault 31: it ends and says that the disk is full, its files are gone, what was there is whole, and with room it succeeds", async () => {
    await using registry = await testRegistry({ images: { "team/small:1": small, "team/large:1": large } })
    const http = createHttp()
    const engine = createDirectEngine({ stores: { http, cacheDirectory: directory } })
    const copy = async (name: string): Promise<OutcomeEvent> => {
      const events = engine.copy({ source: `docker://${registry.host}/team/${name}:1`, target: `cache:team/${name}:1` })
      let step = await events.next()
      while (!step.done) step = await events.next()
      return step.value
    }
    const blobs = async () => (await readdir(join(directory, "blobs/sha256"))).map((hex) => `sha256:${hex}`)

    expect((await copy("small")).outcome).toBe("succeeded")
    const failed = await copy("large")
    expect(failed).toMatchObject({ outcome: "failed", error: { code: "local_io", side: "target" } })
    expect(failed.error?.message).toMatch(/^cannot use .*: ENOSPC$/)
    const { error } = failed
    if (error?.hint === undefined) return expect.unreachable()
    expect([describeError(error, "en"), describeHint(error.hint, "en")]).toEqual([
      "Local reading or writing failed; check disk space and permissions",
      "the disk is full: make room and start again, what is already there is kept",
    ])
    expect([describeError(error, "zh"), describeHint(error.hint, "zh")]).toEqual([
      "本地读写失败，请检查磁盘空间和权限",
      "磁盘已满：清理后重新运行，已完成的部分会保留",
    ])

    expect(await readFile(join(directory, "manifests/team/small/1"))).toEqual(small.manifest)
    for (const digest of await blobs()) {
      expect(digestOf(await readFile(join(directory, "blobs/sha256", digest.slice(7))))).toBe(digest)
    }
    expect(await blobs()).toEqual(expect.arrayContaining([...small.blobs.keys()]))
    const held = await readdir(join(directory, ".partial")).catch(() => [])
    for (const name of held) expect(name).toMatch(/\.free$/)

    await runProgram("mount", ["-o", "remount,size=32m", directory])
    expect((await copy("large")).outcome).toBe("succeeded")
    expect((await blobs()).sort()).toEqual([...small.blobs.keys(), ...large.blobs.keys()].sort())
    expect((await readdir(directory)).sort()).toEqual(["blobs", "index.json", "manifests"])
    await http.close()
  })
})
