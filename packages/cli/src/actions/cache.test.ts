import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { contentBytes, image, tarArchive, testRegistry } from "@entrepot/testing"
import { expect, test } from "vitest"
import { executableIn } from "../executable.fixture.ts"

const small = image({ seed: "small" })

async function setUp(options: Parameters<typeof testRegistry>[0] = {}) {
  const source = await testRegistry({ images: { "team/small:1": small } })
  const target = await testRegistry(options)
  const entrepot = await executableIn()
  const close = async () => {
    for (const each of [source, target, entrepot]) await each[Symbol.asyncDispose]()
  }
  return { source, target, entrepot, [Symbol.asyncDispose]: close }
}

/** What docker save wrote before it knew OCI: layers unpacked, one manifest.json. */
async function dockerSave(path: string, names: readonly string[]): Promise<void> {
  const [config, layer] = [...small.blobs.values()]
  if (config === undefined || layer === undefined) throw new Error("an image has a config and a layer")
  const manifest = JSON.stringify([{ Config: "config.json", RepoTags: names, Layers: ["layer.tar"] }])
  const files = { "config.json": contentBytes(config), "layer.tar": contentBytes(layer), "manifest.json": Buffer.from(manifest) }
  await writeFile(path, tarArchive(Object.entries(files).map(([name, content]) => ({ name, content }))))
}

test("pull fills the tree of seed 4, list shows it, push brings it to another registry, clean empties it", async () => {
  await using at = await setUp()
  const { entrepot, source, target } = at
  const pulled = await entrepot.run(["pull", "-r", "team/small", "-t", "1", "--registry", source.origin, "--quiet"])
  expect(pulled).toEqual({ code: 0, stdout: "cache:team/small:1\n", stderr: "" })

  const cache = join(entrepot.directory, ".cache")
  expect(await readFile(join(cache, "manifests/team/small/1"))).toEqual(small.manifest)
  const index = JSON.parse(await readFile(join(cache, "index.json"), "utf8"))
  expect(Object.keys(index)).toEqual(["team/small/1"])

  const listed = await entrepot.run(["list"])
  expect(listed.stdout.replace(/\d{4}-\d\d-\d\d \d\d:\d\d/, "2026-01-01 00:00")).toBe(
    `REPOSITORY  REFERENCE  SIZE     CACHED            PLATFORMS
team/small  1          1.42 kB  2026-01-01 00:00  linux/amd64
`,
  )

  const pushed = await entrepot.run(["push", "-s", "team/small:1", "-r", "pushed/small", "-t", "v1", "--registry", target.origin])
  expect(pushed.stdout).toBe(`${target.host}/pushed/small:v1\n`)
  expect(target.holds("pushed/small:v1", small)).toBe(true)

  const cleaned = await entrepot.run(["clean"])
  expect(cleaned.stdout).toBe("team/small/1\n")
  expect(cleaned.stderr).toMatch(/^1 image removed from \.cache, [\d.]+ kB freed\n$/)
  expect((await entrepot.run(["list"])).stderr).toBe("The cache .cache is empty.\n")
})

test("a docker save tar goes into the cache under its own names, and from the tar to a registry", async () => {
  await using at = await setUp()
  const { entrepot, target } = at
  await dockerSave(join(entrepot.directory, "app.tar"), ["team/app:v1", "team/app:latest"])
  const extracted = await entrepot.run(["extract", "-f", "app.tar", "--cache-dir", "here", "--quiet"])
  expect(extracted).toEqual({ code: 0, stdout: "cache:team/app:v1\ncache:team/app:latest\n", stderr: "" })
  const fromCache = ["push", "-s", "team/app:v1", "-r", "a", "-t", "1", "--cache-dir", "here", "--registry", target.origin]
  expect((await entrepot.run(fromCache)).code).toBe(0)
  expect((await entrepot.run(["push", "-s", "app.tar", "-r", "b", "-t", "1", "--registry", target.origin])).code).toBe(0)
  expect(target.manifest("b", "1")?.bytes).toEqual(target.manifest("a", "1")?.bytes)
})

test("a tar without names asks for one", async () => {
  await using at = await setUp()
  const { entrepot } = at
  await dockerSave(join(entrepot.directory, "bare.tar"), [])
  const refused = await entrepot.run(["extract", "-f", "bare.tar"])
  expect(refused.code).toBe(2)
  expect(refused.stderr).toBe(
    `✗ The options cannot be understood; check the input
  image 1 of bare.tar has no name
  hint: give it one: --repository library/app --reference v1
`,
  )
  const named = await entrepot.run(["extract", "-f", "bare.tar", "-r", "library/app", "-t", "v1", "--quiet"])
  expect(named.stdout).toBe("cache:library/app:v1\n")
})

test("blobs that are there are skipped, unless they are forced", async () => {
  await using at = await setUp()
  const { entrepot, source, target } = at
  await entrepot.run(["pull", "-r", "team/small", "-t", "1", "--registry", source.origin])
  const push = (tag: string, ...more: string[]) =>
    entrepot.run(["push", "-s", "team/small:1", "-r", "p/small", "-t", tag, "--registry", target.origin, ...more])
  await push("a")
  target.clearRequests()
  expect((await push("b", "--skip-existing")).stderr).toContain("1.42 kB already there")
  expect(target.bytesIn()).toBe(small.manifest.length)
  expect((await push("c", "--force-upload")).stderr).toContain("1.42 kB sent")
  expect((await push("d", "--force-upload", "--skip-existing")).code).toBe(2)
})

test("a password in an argument is taken, with a warning", async () => {
  await using at = await setUp({ auth: { basic: { bob: "hunter22" } } })
  const { entrepot, source, target } = at
  await entrepot.run(["pull", "-r", "team/small", "-t", "1", "--registry", source.origin])
  const args = ["push", "-s", "team/small:1", "-r", "p/small", "-t", "1", "--registry", target.origin, "--quiet"]
  const pushed = await entrepot.run([...args, "-u", "bob", "-p", "hunter22"])
  expect(pushed).toEqual({
    code: 0,
    stdout: `${target.host}/p/small:1\n`,
    stderr:
      "warning: a password in an argument can be read by everyone on this machine; use --password-stdin or ENTREPOT_PASSWORD\n",
  })
  const refused = await entrepot.run([...args, "-t", "2", "-u", "bob", "-p", "wrong-pass"])
  expect(refused.code).toBe(3)
  expect(refused.stderr).not.toContain("wrong-pass")
})

test("push says what the cache has when it has not what was asked for", async () => {
  await using at = await setUp()
  const { entrepot, source, target } = at
  await entrepot.run(["pull", "-r", "team/small", "-t", "1", "--registry", source.origin])
  const result = await entrepot.run(["push", "-s", "team/other:1", "-r", "x", "-t", "1", "--registry", target.origin])
  expect(result.code).toBe(5)
  expect(result.stderr).toBe(
    `✗ The source image does not exist or cannot be accessed
  team/other:1 is not in the cache .cache
  hint: it has team/small:1
`,
  )
})
