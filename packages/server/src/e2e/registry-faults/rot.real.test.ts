import { open } from "node:fs/promises"
import { join } from "node:path"
import { image, type TestImage, testRegistry } from "@entrepot/testing"
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest"
import { buildServerProgram, type ServerProgram } from "../server-process.fixture.ts"
import { type FaultScene, faultScene, judged, readWhole } from "./fault-scene.fixture.ts"

const MiB = 1024 * 1024
const changed = "a blob's bytes have changed on disk; it was put aside"

let program: ServerProgram
beforeAll(async () => {
  program = await buildServerProgram()
}, 60_000)
afterAll(() => program[Symbol.asyncDispose]())

/** Changes one bit of a stored blob, and nothing of its size. */
async function rot({ store }: FaultScene, digest: string): Promise<void> {
  const hex = digest.replace("sha256:", "")
  const file = await open(join(store, "blobs", "sha256", hex.slice(0, 2), hex), "r+")
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, 10)
  await file.write(Buffer.from([(buffer[0] ?? 0) ^ 1]), 0, 1, 10)
  await file.close()
}

/** Its only layer. */
function layerOf(image: TestImage): string {
  const found = [...image.blobs].find(([, { sizeBytes }]) => sizeBytes >= 5000)?.[0]
  if (found === undefined) throw new Error("no layer")
  return found
}

test("fault 45: bytes that change on disk between two starts are served to nobody whole, and are fetched or pushed again", {
  timeout: 120_000,
}, async () => {
  const images = Object.fromEntries(
    [5000, 4 * MiB].map((sizeBytes) => [sizeBytes, image({ seed: `rot ${sizeBytes}`, layers: [{ sizeBytes }] })]),
  )
  const hub = await testRegistry()
  onTestFinished(() => hub.close())
  const scene = await faultScene({ program, upstreams: { "hub.test": hub.origin } })
  for (const [name, each] of Object.entries(images)) {
    hub.add(`team/app:${name}`, each)
    expect(await readWhole(scene.reader, "hub.test/team/app", name, each)).toEqual(["right"])
    const own = image({ seed: `own ${name}`, layers: [{ sizeBytes: Number(name) }] })
    await scene.pusher.push(`team/own:${name}`, own)
    images[`own ${name}`] = own
  }
  await scene.server.stop("SIGTERM")
  for (const each of Object.values(images)) await rot(scene, layerOf(each))
  await scene.restart()
  hub.clearRequests()

  const { reader, pusher } = scene
  const get = async (client: typeof reader, repository: string, name: string) => {
    const digest = layerOf(images[name] as TestImage)
    return judged(await client.request("GET", `/v2/${repository}/blobs/${digest}`), digest)
  }
  expect(await get(reader, "hub.test/team/app", "5000")).toBe("right")
  await expect(get(reader, "hub.test/team/app", String(4 * MiB))).rejects.toMatchObject({ code: "ECONNRESET" })
  expect(await get(reader, "hub.test/team/app", String(4 * MiB))).toBe("right")
  expect(hub.bytesOut("GET blob")).toBe(5000 + 4 * MiB)

  expect(await get(pusher, "team/own", "own 5000")).toBe(404)
  await expect(get(pusher, "team/own", `own ${4 * MiB}`)).rejects.toMatchObject({ code: "ECONNRESET" })
  expect(await get(pusher, "team/own", `own ${4 * MiB}`)).toBe(404)
  expect(scene.server.output().split(changed).length - 1).toBe(4)
  for (const size of [5000, 4 * MiB]) {
    const own = images[`own ${size}`] as TestImage
    await pusher.push(`team/own:${size}`, own)
    expect(await readWhole(pusher, "team/own", String(size), own)).toEqual(["right"])
  }
})
