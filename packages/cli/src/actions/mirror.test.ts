import { once } from "node:events"
import { writeFile } from "node:fs/promises"
import { createServer } from "node:net"
import { join } from "node:path"
import { startApplication } from "@entrepot/server/application-fixture"
import { image, index, testRegistry } from "@entrepot/testing"
import { expect, test } from "vitest"
import { type Executable, executableIn, type Finished } from "../executable.fixture.ts"

const arm64 = { os: "linux", architecture: "arm64" }
const small = image({ seed: "small" })
const other = image({ seed: "other" })
const both = index([small, image({ seed: "arm", platform: arm64 })])

/** Times and speeds differ from run to run. */
function steady({ stderr }: Finished): string {
  return stderr.replace(/<?\d+(\.\d+)?s \([\d.]+ k?M?B\/s\)/g, "TIME").replace(/^[0-9a-f]{12} .*\n/gm, "")
}

async function registries(images: Parameters<typeof testRegistry>[0]) {
  return { source: await testRegistry(images), target: await testRegistry() }
}

const withBoth = {
  images: { "library/web:latest": both, "team/small:1": small, "team/small:2": other, "team/small:latest": small },
}

async function setUp(options: Parameters<typeof testRegistry>[0] = withBoth) {
  const { source, target } = await registries(options)
  const entrepot: Executable = await executableIn()
  const close = async () => {
    await entrepot[Symbol.asyncDispose]()
    await source[Symbol.asyncDispose]()
    await target[Symbol.asyncDispose]()
  }
  return { source, target, entrepot, [Symbol.asyncDispose]: close }
}

/** A port where nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === "object" && address !== null ? address.port : 0
}

test("an image arrives whole, and its reference stands alone on standard output", async () => {
  await using at = await setUp()
  const name = `${at.target.host}/web/app:v1`
  const result = await at.entrepot.start([
    "mirror",
    `${at.source.host}/library/web`,
    "--to",
    at.target.host,
    "--as",
    "web/app:v1",
  ])
  expect(result.stdout).toBe(`${name}\n`)
  expect(result.code).toBe(0)
  expect(at.target.holds("web/app:v1", both)).toBe(true)
  expect(steady(result)).toBe(
    [
      `${at.source.host}/library/web:latest -> ${name}`,
      "4 blobs, 2.84 kB, linux/amd64 linux/arm64",
      "copying",
      "tagging",
      `✓ ${name}  2.84 kB sent, TIME`,
      "",
    ].join("\n"),
  )
})

test("the same again moves nothing, in two requests to each registry at most", async () => {
  await using at = await setUp()
  const args = ["mirror", `${at.source.host}/team/small:1`, "--to", `${at.target.host}/p`, "--naming", "basename"]
  await at.entrepot.run(args)
  at.source.clearRequests()
  at.target.clearRequests()
  const again = await at.entrepot.run(args)
  expect(again.code).toBe(0)
  expect(again.stdout).toBe(`${at.target.host}/p/small:1\n`)
  expect(again.stderr).toBe(
    `${at.source.host}/team/small:1 -> ${at.target.host}/p/small:1\n= ${at.target.host}/p/small:1  already up to date\n`,
  )
  expect(at.source.requests.length + at.target.requests.length).toBeLessThanOrEqual(2)
})

test("one of several images that fails does not stop the others, and is named at the end", async () => {
  await using at = await setUp()
  const { host } = at.source
  const result = await at.entrepot.run([
    "mirror",
    `${host}/team/none:1`,
    `${host}/team/small:1`,
    "--to",
    `${at.target.host}/p`,
    "--naming",
    "basename",
  ])
  expect(result.code).toBe(1)
  expect(result.stdout).toBe(`${at.target.host}/p/small:1\n`)
  expect(result.stderr).toContain(`[1/2] ✗ ${host}/team/none:1  The source image does not exist or cannot be accessed\n`)
  expect(result.stderr).toMatch(new RegExp(`2 images: 1 copied, 1 failed\n  failed: ${host}/team/none:1\n$`))
})

test("a single image that is not there has the exit code of what is not found", async () => {
  await using at = await setUp()
  const result = await at.entrepot.run(["mirror", `${at.source.host}/team/none:1`, "--to", at.target.host, "--quiet"])
  expect(result.code).toBe(5)
  expect(result.stdout).toBe("")
})

test("with --json every line of standard output is an event, and the last one sums up", async () => {
  await using at = await setUp()
  const result = await at.entrepot.run(["mirror", `${at.source.host}/team/small:1`, "--to", at.target.host, "--json"])
  const events = result.stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line))
  expect(events[0]).toMatchObject({ index: 0, image: `${at.source.host}/team/small:1`, type: "stage", stage: "prepare" })
  expect(events.at(-2)).toMatchObject({ type: "outcome", outcome: "succeeded", digest: small.descriptor.digest })
  expect(events.at(-1)).toMatchObject({ type: "summary", succeeded: 1, failed: 0, exitCode: 0 })
  expect(result.stderr).toBe("")
})

test("a dry run prints the plan and moves nothing", async () => {
  await using at = await setUp()
  const result = await at.entrepot.run([
    "mirror",
    `${at.source.host}/library/web`,
    "--to",
    at.target.host,
    "--as",
    "a/web:1",
    "--dry-run",
  ])
  expect(result.stdout).toBe(
    `${at.source.host}/library/web:latest -> ${at.target.host}/a/web:1
  digest     ${both.descriptor.digest}
  platforms  linux/amd64, linux/arm64
  manifests  3
  there      0 blobs, 0 B
  to move    4 blobs, 2.84 kB, about 19 requests
`,
  )
  expect(result.code).toBe(0)
  expect(at.target.repositories()).toEqual([])
  expect(at.source.count("GET blob")).toBe(0)
})

test("a platform alone is copied where it is asked for, and that the digest changes is said before", async () => {
  await using at = await setUp()
  const args = ["mirror", `${at.source.host}/library/web`, "--to", at.target.host, "--as", "a/web:1", "--platform", "linux/arm64"]
  const result = await at.entrepot.run(args)
  expect(result.code).toBe(0)
  expect(result.stderr.split("\n").slice(1, 3)).toEqual([
    "! the digest will change, since only some platforms are copied",
    "2 blobs, 1.42 kB, linux/arm64",
  ])
  expect(at.source.count("GET blob")).toBe(2)
})

test("two images that would become one are refused before anything moves", async () => {
  await using at = await setUp()
  const { host } = at.source
  const result = await at.entrepot.run([
    "mirror",
    `${host}/team/small:1`,
    `${host}/library/small:1`,
    "--to",
    `${at.target.host}/p`,
    "--naming",
    "basename",
  ])
  expect(result.code).toBe(2)
  expect(result.stderr).toBe(
    `✗ Several sources would become the same target; change the naming rule
  ${host}/team/small:1 and ${host}/library/small:1 would both become ${at.target.host}/p/small:1
  hint: choose another naming rule, or name one of them yourself
`,
  )
  expect(at.source.requests).toEqual([])
})

test("tags are chosen by an expression that matches them whole", async () => {
  await using at = await setUp()
  const result = await at.entrepot.run([
    "mirror",
    `${at.source.host}/team/small`,
    "--tags",
    "[0-9]",
    "--to",
    `${at.target.host}/p`,
    "--naming",
    "basename",
  ])
  expect(result.stdout.trim().split("\n").sort()).toEqual([`${at.target.host}/p/small:1`, `${at.target.host}/p/small:2`])
  expect(at.target.tags("p/small").sort()).toEqual(["1", "2"])
  expect(at.target.holds("p/small:2", other)).toBe(true)
})

test("a list names images, and targets behind an arrow", async () => {
  await using at = await setUp()
  const list = `# ours\n${at.source.host}/team/small:1\n${at.source.host}/team/small:2 -> ${at.target.host}/mine/two:x\n`
  await writeFile(join(at.entrepot.directory, "images.txt"), list)
  const result = await at.entrepot.run([
    "mirror",
    "--file",
    "images.txt",
    "--to",
    `${at.target.host}/p`,
    "--naming",
    "basename",
    "--quiet",
  ])
  expect(result).toEqual({ code: 0, stdout: `${at.target.host}/p/small:1\n${at.target.host}/mine/two:x\n`, stderr: "" })
})

test("a wrong name in a list is told with its line, before anything moves", async () => {
  await using at = await setUp()
  await writeFile(join(at.entrepot.directory, "images.txt"), `${at.source.host}/team/small:1\n\nteam/Small\n`)
  const result = await at.entrepot.run(["mirror", "--file", "images.txt", "--to", at.target.host])
  expect(result.code).toBe(2)
  expect(result.stderr).toBe(
    `✗ This is not an image name
  images.txt, line 3: "team/Small" is not an image name: repository names are lowercase
  hint: did you mean "team/small"?
`,
  )
  expect(at.source.requests).toEqual([])
})

test("without a target the image goes into the registry of this machine, where its server finds it", async () => {
  await using at = await setUp()
  const args = ["mirror", `${at.source.host}/team/small:1`, "--naming", "basename"]
  const env = { PORT: String(await freePort()) }
  const reference = `127.0.0.1:${env.PORT}/proxy/small:1`
  const result = await at.entrepot.run(args, { env })
  expect(result).toMatchObject({ code: 0, stdout: `${reference}\n` })
  expect(result.stderr.trimEnd().split("\n").at(-1)).toBe(
    `Stored in the registry of this machine. Its server is not running: start it with pnpm start to pull from 127.0.0.1:${env.PORT}.`,
  )
  const listening = createServer().listen(Number(env.PORT), "127.0.0.1")
  await once(listening, "listening")
  const again = await at.entrepot.run(args, { env }).finally(() => listening.close())
  expect(again.stderr.trimEnd().split("\n").at(-1)).toBe(`= ${reference}  already up to date`)

  await using application = await startApplication({ dataDirectory: join(at.entrepot.directory, "data") })
  const manifest = await fetch(`${application.url}/v2/proxy/small/manifests/1`)
  expect([manifest.status, Buffer.from(await manifest.arrayBuffer())]).toEqual([200, small.manifest])
  for (const digest of small.blobs.keys()) {
    expect((await fetch(`${application.url}/v2/proxy/small/blobs/${digest}`, { method: "HEAD" })).status).toBe(200)
  }
})

test("with a cache directory alone the image goes there, and the last line is a command that sends it on", async () => {
  await using at = await setUp()
  const result = await at.entrepot.run(["mirror", `${at.source.host}/team/small:1`, "--cache-dir", "here"])
  expect(result.code).toBe(0)
  expect(result.stdout).toBe(`cache:${at.source.host}/team/small:1\n`)
  const last = result.stderr.trimEnd().split("\n").at(-1) ?? ""
  expect(last).toMatch(
    /^ {2}entrepot copy cache:127\.0\.0\.1:\d+\/team\/small:1 docker:\/\/HOST\/proxy\/127\.0\.0\.1_\d+\/team\/small:1 --cache-dir here$/,
  )
  const sent = await at.entrepot.run(last.replace("HOST", at.target.host).trim().split(" ").slice(1))
  expect(sent.code).toBe(0)
  expect(at.target.holds(`proxy/${at.source.host.replace(":", "_")}/team/small:1`, small)).toBe(true)
})

test("MIRROR_TARGET is the target where --to is absent", async () => {
  await using at = await setUp()
  const env = { MIRROR_TARGET: `${at.target.host}/p`, ENTREPOT_NAMING: "basename" }
  const result = await at.entrepot.run(["mirror", `${at.source.host}/team/small:1`], { env })
  expect(result.stdout).toBe(`${at.target.host}/p/small:1\n`)
})

test("Ctrl-C stops, says what is left and how to go on, and leaves no tag behind", async () => {
  await using at = await setUp()
  at.source.fail("GET blob", { as: "stall" })
  const result = await at.entrepot.start(
    ["mirror", `${at.source.host}/team/small:1`, "--to", `${at.target.host}/p`, "--naming", "basename"],
    {
      onStderr: (text, child) => {
        if (text.includes("copying\n") && !text.includes("stopping")) child.kill("SIGINT")
      },
    },
  )
  expect(result.code).toBe(130)
  expect(result.stdout).toBe("")
  expect(result.stderr.split("\n").slice(-4)).toEqual([
    "stopping … (Ctrl-C again to stop at once)",
    `■ ${at.source.host}/team/small:1  stopped; 2 of 2 blobs left (1.42 kB of 1.42 kB)`,
    "Run the same command again to go on: what has arrived is not sent again.",
    "",
  ])
  expect(at.target.tags("p/small")).toEqual([])
})

test("errors are one sentence in the reader's language, with what exactly and what to do next", async () => {
  await using at = await setUp({ ...withBoth, auth: { basic: { bob: "secret" } } })
  const result = await at.entrepot.run(["mirror", `${at.source.host}/team/small:1`, "--to", at.target.host], {
    env: { LANG: "zh_CN.UTF-8" },
  })
  expect(result.code).toBe(3)
  expect(result.stderr).toContain("✗ 源镜像不存在或无法访问\n")
  expect(result.stderr).toContain(`  ${at.source.host} refused access (401)\n  提示：请登录 ${at.source.host}\n`)
  expect(result.stderr).not.toMatch(/\bat .*:\d+:\d+/)
})

test("a login is not shown to a registry it may not be meant for", async () => {
  await using at = await setUp()
  const images = [`${at.source.host}/team/small:1`, `localhost:${at.target.port}/team/small:2`]
  const env = { ENTREPOT_SOURCE_USERNAME: "reader", ENTREPOT_SOURCE_PASSWORD: "from-env" }
  const result = await at.entrepot.run(["mirror", ...images, "--to", at.target.host], { env })
  expect(result.code).toBe(2)
  expect(result.stderr).toBe(
    `✗ The options cannot be understood; check the input
  one login was given, and there are several registries: ${at.source.host}, localhost:${at.target.port}
  hint: log in to each of them with entrepot login, and leave the login away here
`,
  )
  expect(at.source.requests).toEqual([])
})

test("without a target the login is for the source, since it can be for nothing else", async () => {
  await using at = await setUp({ ...withBoth, auth: { basic: { bob: "hunter22" } } })
  const args = ["mirror", `${at.source.host}/team/small:1`, "--username", "bob", "--password-stdin", "--quiet"]
  expect((await at.entrepot.run(args, { input: "hunter22" })).code).toBe(0)
})

test("credentials come from standard input or the environment, each for its own registry", async () => {
  await using source = await testRegistry({ ...withBoth, auth: { basic: { reader: "from-env" } } })
  await using target = await testRegistry({ auth: { token: { writer: "from-stdin" } } })
  await using entrepot = await executableIn()
  const result = await entrepot.start(
    ["mirror", `${source.host}/team/small:1`, "--to", target.host, "--username", "writer", "--password-stdin", "--quiet"],
    { input: "from-stdin\n", env: { ENTREPOT_SOURCE_USERNAME: "reader", ENTREPOT_SOURCE_PASSWORD: "from-env" } },
  )
  expect(result.stderr).toBe("")
  expect(result.code).toBe(0)
})
