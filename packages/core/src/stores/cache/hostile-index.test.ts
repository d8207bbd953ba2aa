import { access, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, it } from "vitest"
import { makeContractImage, putContractImage } from "../contract-image.fixture.ts"
import { openCache } from "./cache-store.ts"
import { cleanCache } from "./clean-cache.ts"
import { listCache } from "./list-cache.ts"

let sandbox = ""
let directory = ""
beforeEach(async () => {
  sandbox = await mkdtemp(join(tmpdir(), "hostile-cache-"))
  directory = join(sandbox, "cache")
  await mkdir(directory)
  await writeFile(join(sandbox, "outside"), "what nobody may read or remove")
})
afterEach(() => rm(sandbox, { recursive: true }))

/** Names that lead outside, if they are taken for paths. */
const paths = [
  "../outside",
  "../../outside",
  "a/../../outside",
  "/etc/passwd",
  "..",
  ".",
  "",
  "a\\..\\outside",
  "\0",
  "__proto__",
  "x".repeat(5000),
]

/** An index.json in which one field of one entry is a hostile path. */
const fields = [
  "key",
  "repository",
  "reference",
  "manifest_path",
  "config_digest",
  "blob key",
  "blob digest",
  "blob path",
] as const

function indexWith(field: (typeof fields)[number], path: string): string {
  const at = (name: (typeof fields)[number], usual: string) => (name === field ? path : usual)
  const digest = `sha256:${"a".repeat(64)}`
  const blob = {
    digest: at("blob digest", digest),
    size: 1,
    path: at("blob path", "blobs/x"),
    is_config: true,
    compressed: false,
    media_type: "x",
  }
  const entry = {
    repository: at("repository", "library/evil"),
    reference: at("reference", "1"),
    manifest_path: at("manifest_path", "manifests/library/evil/1"),
    config_digest: at("config_digest", digest),
    blobs: Object.fromEntries([[at("blob key", digest), blob]]),
  }
  return JSON.stringify(Object.fromEntries([[at("key", "library/evil/1"), entry]]))
}

/** The outcome of work that may fail, but only in words of ours. */
async function outcomeOf(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => expect(error).toMatchObject({ name: "TransferError" }))
}

it.each(fields)("an index.json with a path as its %s leads nowhere (S8)", async (field) => {
  for (const path of paths) {
    await writeFile(join(directory, "index.json"), indexWith(field, path))
    await outcomeOf(listCache(directory).then((images) => expect(images).toEqual([])))
    const store = await openCache(directory, "library/evil")
    await outcomeOf(store.resolve("1"))
    await outcomeOf(store.listTags())
    await store.close()
    await outcomeOf(cleanCache(directory))
    await outcomeOf(cleanCache(directory, { all: true }))
    expect(await readFile(join(sandbox, "outside"), "utf8")).toBe("what nobody may read or remove")
    expect((await readdir(sandbox)).sort()).toEqual(["cache", "outside"])
    await access("/etc/passwd")
  }
})

it("an honest entry beside it is still there (S8)", async () => {
  const store = await openCache(directory, "library/test", { write: true })
  await putContractImage(store, makeContractImage(), "v1")
  const honest = JSON.parse(await readFile(join(directory, "index.json"), "utf8"))
  await writeFile(
    join(directory, "index.json"),
    JSON.stringify({ ...honest, ...JSON.parse(indexWith("repository", "../outside")) }),
  )
  expect((await listCache(directory)).map(({ repository }) => repository)).toEqual(["library/test"])
  expect(await store.resolve("v1")).toBeDefined()
  await store.close()
})
