import { createHash } from "node:crypto"
import { copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { openDatabase } from "@entrepot/db"
import { image } from "@entrepot/testing"
import { afterAll, beforeAll, expect, test } from "vitest"
import { buildServerProgram, type ServerProgram } from "../server-process.fixture.ts"
import { type FaultScene, faultScene, readWhole } from "./fault-scene.fixture.ts"

const blobs = 10_000
const manifests = 2_500
const mediaType = "application/vnd.oci.image.manifest.v1+json"

let program: ServerProgram
beforeAll(async () => {
  program = await buildServerProgram()
}, 60_000)
afterAll(() => program[Symbol.asyncDispose]())

const digestOf = (text: string) => `sha256:${createHash("sha256").update(text).digest("hex")}`
const layerOf = (index: number) => `layer ${index}`

/** Rows as years of work leave them, past the server; every fourth blob has its file. */
async function fill({ directory, store }: FaultScene): Promise<void> {
  // In memory, since each row is a transaction, and each transaction waits for the disk.
  const place = await mkdtemp("/dev/shm/entrepot-rows-")
  const kept = join(directory, "data", "proxy.db")
  const path = join(place, "proxy.db")
  await copyFile(kept, path)
  await copyFile(`${kept}-wal`, `${path}-wal`)
  const database = await openDatabase({ kind: "sqlite", path })
  try {
    const { warehouse } = database
    const now = Date.now()
    const { id } = await warehouse.ensureRepository({ name: "hub.test/team/many", projectId: null, registry: "hub.test" }, now)
    const sizeBytes = layerOf(0).length
    for (let index = 0; index < blobs; index++) {
      await warehouse.addBlob({ digest: digestOf(layerOf(index)), sizeBytes: layerOf(index).length, repositoryId: id }, now)
    }
    for (let index = 0; index < manifests; index++) {
      const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, config: layerOf(index), layers: [] }))
      const manifest = {
        ...{ digest: digestOf(bytes.toString()), mediaType, sizeBytes: bytes.length },
        ...{ artifactType: null, subject: null, annotations: null },
      }
      const references = [0, 1, 2, 3].map((part) => ({
        digest: digestOf(layerOf(index * 4 + part)),
        kind: "blob" as const,
        sizeBytes,
      }))
      await warehouse.putManifest({ repositoryId: id, manifest, bytes, references, tag: `v${index}`, complete: false }, now)
    }
  } finally {
    await database.close()
  }
  await copyFile(path, kept)
  for (const log of ["-wal", "-shm"]) await rm(`${kept}${log}`, { force: true })
  await rm(place, { recursive: true })
  for (let index = 0; index < blobs; index += 4) {
    const hex = digestOf(layerOf(index)).replace("sha256:", "")
    const fan = join(store, "blobs", "sha256", hex.slice(0, 2))
    await mkdir(fan, { recursive: true })
    await writeFile(join(fan, hex), layerOf(index))
  }
}

test("a server with ten thousand blobs is there within five seconds of a crash, although most of their files are gone", {
  timeout: 300_000,
}, async () => {
  const scene = await faultScene({ program })
  const own = image({ seed: "among many", layers: [{ sizeBytes: 20_000 }] })
  await scene.pusher.push("team/own:1", own)
  await scene.server.stop("SIGKILL")
  await fill(scene)
  const readyMs: number[] = []
  for (let start = 0; start < 3; start++) readyMs.push(await scene.restart("SIGKILL"))
  expect(readyMs.sort((one, other) => one - other)[1]).toBeLessThan(5000)
  expect(await readWhole(scene.pusher, "team/own", "1", own)).toEqual(["right"])
  const usage = async () => (await scene.admin.call<{ blobs: number }>("query", "registry.usage")).blobs
  await expect.poll(usage, { timeout: 60_000 }).toBe(blobs / 4 + own.blobs.size)
})
