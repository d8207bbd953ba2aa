import { mkdir, mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import { DigestVerifier } from "../../content/digest.ts"
import { parseManifest } from "../../content/manifest.ts"
import type { SourceStore } from "../../content/store.ts"
import { TransferError } from "../../errors/transfer-error.ts"
import { chooseLayoutEntry } from "../choose-layout-entry.ts"
import { chooseImage } from "../docker-archive/choose-image.ts"
import { openDockerArchive } from "../docker-archive/docker-archive-source.ts"
import { openOciArchive } from "../oci-archive/oci-archive-source.ts"
import { damagedTars, hostileNames, hostileSizes } from "./hostile/damaged-tars.fixture.ts"
import type { HostileArchive } from "./hostile/hostile-archive.fixture.ts"
import { hostileCompressions, hostileManifests } from "./hostile/hostile-docker-archives.fixture.ts"
import { hostileLayouts } from "./hostile/hostile-layouts.fixture.ts"
import { hostileLinks, specialFiles, traversals } from "./hostile/hostile-paths.fixture.ts"

const hostileArchives: readonly HostileArchive[] = [
  ...[traversals, hostileLinks, specialFiles, hostileSizes, damagedTars, hostileNames],
  ...[hostileManifests, hostileCompressions, hostileLayouts],
].flat()

const secret = "what nobody may read"
let sandbox: string
beforeAll(async () => {
  sandbox = await mkdtemp(join(tmpdir(), "hostile-"))
  await mkdir(join(sandbox, "inside", "spool"), { recursive: true })
  await writeFile(join(sandbox, "secret"), secret)
})
afterAll(() => rm(sandbox, { recursive: true }))

/** Reads everything that an archive offers, as a transfer would. */
async function readAll(path: string, transport: HostileArchive["transport"]): Promise<void> {
  const options = {
    temporaryDirectory: join(sandbox, "inside", "spool"),
    limitBytes: 8 << 20,
    unpack: { ratio: 200, freeBytes: 1 << 20 },
  }
  if (transport === "docker-archive") {
    const store = await openDockerArchive(path, options)
    await readImage(store, () => `@${chooseImage(store.images, undefined, store.display).index}`)
  } else {
    const store = await openOciArchive(path, options)
    await readImage(store, async () => chooseLayoutEntry(await store.listEntries(), store.display))
  }
}

async function readImage(store: SourceStore, choose: () => string | Promise<string>): Promise<void> {
  try {
    const parsed = parseManifest(await store.getManifest(await choose()))
    if (parsed.kind === "index") return
    for (const blob of parsed.blobs) {
      const verifier = new DigestVerifier(blob.digest)
      for await (const chunk of (await store.openBlob(blob)).bytes) {
        expect(chunk.includes(secret)).toBe(false)
        verifier.update(chunk)
      }
      verifier.verify()
    }
  } finally {
    await store.close()
  }
}

it("has more than 60 archives to try", () => {
  expect(hostileArchives.length).toBeGreaterThan(60)
  expect(new Set(hostileArchives.map(({ name }) => name)).size).toBe(hostileArchives.length)
})

it.each(hostileArchives)("$transport: $name → $outcome", async ({ transport, outcome, says, bytes, length }) => {
  const path = join(sandbox, "inside", "archive.tar")
  await writeFile(path, bytes)
  if (length !== undefined) await truncate(path, length)
  const error: unknown = await readAll(path, transport).then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (outcome === "harmless") expect(error).toBeUndefined()
  else {
    expect(error).toBeInstanceOf(TransferError)
    expect(error).toMatchObject({ code: outcome })
    if (says !== undefined && error instanceof Error) expect(error.message).toMatch(says)
  }
  expect((await readdir(sandbox, { recursive: true })).sort()).toEqual(["inside", "inside/archive.tar", "inside/spool", "secret"])
  expect(await readFile(join(sandbox, "secret"), "utf8")).toBe(secret)
})
