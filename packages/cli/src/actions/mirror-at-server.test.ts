import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startApplication } from "@entrepot/server/application-fixture"
import { faultProxy, image, testRegistry } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { type Executable, executableIn } from "../executable.fixture.ts"

const small = image({ seed: "small" })
const other = image({ seed: "other" })
const password = "hunter2-canary"

async function setUp(auth?: Record<string, string>) {
  const application = await startApplication()
  onTestFinished(() => application[Symbol.asyncDispose]())
  const source = await testRegistry({ images: { "team/small:1": small, "team/small:2": other } })
  onTestFinished(() => source[Symbol.asyncDispose]())
  const target = await testRegistry(auth === undefined ? {} : { auth: { basic: auth } })
  onTestFinished(() => target[Symbol.asyncDispose]())
  const entrepot: Executable = await executableIn()
  onTestFinished(() => entrepot[Symbol.asyncDispose]())
  const env = { ENTREPOT_SERVER: application.url, ENTREPOT_TOKEN: application.token }
  return { application, source, target, entrepot, env }
}

/** Times and speeds differ from run to run. */
const steady = (text: string) => text.replace(/<?\d+(\.\d+)?s \([\d.]+ k?M?B\/s\)/g, "TIME").replace(/^[0-9a-f]{12} .*\n/gm, "")

test("a server brings the image, and what is shown is what a copy from here shows", async () => {
  const { source, target, entrepot, env } = await setUp()
  const elsewhere = await testRegistry()
  onTestFinished(() => elsewhere[Symbol.asyncDispose]())
  const args = ["mirror", `${source.host}/team/small:1`, "--naming", "basename"]
  const there = await entrepot.run([...args, "--to", `${target.host}/there`], { env })
  const here = await entrepot.run([...args, "--to", `${elsewhere.host}/here`, "--no-server"], { env })
  expect(there.stdout).toBe(`${target.host}/there/small:1\n`)
  expect(there.code).toBe(0)
  expect(target.holds("there/small:1", small)).toBe(true)
  const shape = (text: string) =>
    steady(text).replaceAll(`${elsewhere.host}/here/`, `${target.host}/WHERE/`).replaceAll("/there/", "/WHERE/")
  expect(shape(there.stderr)).toBe(
    [
      `${source.host}/team/small:1 -> ${target.host}/WHERE/small:1`,
      "2 blobs, 1.42 kB",
      "copying",
      "tagging",
      `✓ ${target.host}/WHERE/small:1  1.42 kB sent, TIME`,
      "",
    ].join("\n"),
  )
  expect(shape(here.stderr)).toBe(shape(there.stderr))
  const again = await entrepot.run([...args, "--to", `${target.host}/there`, "--json"], { env })
  const events = again.stdout
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line))
  expect(events[0]).toMatchObject({ index: 0, image: `${source.host}/team/small:1`, type: "stage", stage: "prepare" })
  expect(events.at(-2)).toMatchObject({ type: "outcome", outcome: "unchanged", digest: small.descriptor.digest })
  expect(events.at(-1)).toMatchObject({ type: "summary", unchanged: 1, exitCode: 0 })
})

test("several images are one job with children, results and exit code as from here", async () => {
  const { source, target, entrepot, env } = await setUp()
  const images = [1, 2, 3].map((tag) => `${source.host}/team/small:${tag}`)
  const args = ["mirror", ...images, "--to", `${target.host}/p`, "--naming", "basename", "--quiet"]
  const result = await entrepot.run(args, { env })
  expect(result.code).toBe(1)
  expect(result.stdout.trimEnd().split("\n").sort()).toEqual([`${target.host}/p/small:1`, `${target.host}/p/small:2`])
  expect(result.stderr).toContain(`${source.host}/team/small:3`)
  const history = await entrepot.run(["history", "--json"], { env })
  expect(JSON.parse(history.stdout)).toMatchObject([
    { kind: "batch", state: "failed", source: `${source.host}/team/small:1 + 2` },
  ])
  const followed = await entrepot.run(["job", "1", "--follow", "--plain"], { env })
  expect(followed.code).toBe(1)
  expect(followed.stderr).toMatch(/3 images: 2 copied, 1 failed\n {2}failed: .*small:3\n$/)
})

test("the exit code of a failure there is that of the same failure here", async () => {
  const { source, target, entrepot, env } = await setUp({ bob: "secret" })
  const login = (secret: string) => ({ ...env, ENTREPOT_USERNAME: "bob", ENTREPOT_PASSWORD: secret })
  const to = ["--to", target.host]
  expect((await entrepot.run(["mirror", `${source.host}/team/small:1`, ...to], { env: login(password) })).code).toBe(3)
  expect((await entrepot.run(["mirror", `${source.host}/team/none:1`, ...to], { env: login("secret") })).code).toBe(5)
  const badName = await entrepot.run(["mirror", "team/Small", ...to], { env })
  expect(badName.code).toBe(2)
})

test("a wrong key is refused with 3, and an application that is not there with 4", async () => {
  const { application, source, target, entrepot, env } = await setUp()
  const args = ["mirror", `${source.host}/team/small:1`, "--to", target.host]
  const refused = await entrepot.run(args, { env: { ...env, ENTREPOT_TOKEN: `${application.token}x` } })
  expect(refused.code).toBe(3)
  expect(refused.stderr).toBe(
    `✗ The server does not accept this API key
  it is wrong, has expired, or was revoked
  hint: make an API key on the server's token page, and put it into ENTREPOT_TOKEN
`,
  )
  const none = await entrepot.run(args, { env: { ENTREPOT_SERVER: application.url } })
  expect(none.code).toBe(3)
  const { host } = new URL(application.url)
  expect(none.stderr).toBe(
    `✗ An API key is missing
  ${host} asks for an API key, and there is none
  hint: make one on the server's token page, and put it into ENTREPOT_TOKEN
`,
  )
  const nobody = await entrepot.run(["jobs", "--server", "http://127.0.0.1:2"], { env })
  expect(nobody.code).toBe(4)
  expect(nobody.stderr).toBe(
    `✗ The server cannot be reached; check its address and the network
  connect ECONNREFUSED 127.0.0.1:2
  hint: check the address, the network, and whether a proxy is needed
`,
  )
})

test("S19: key and password are in no output, and the password goes to the target alone", async () => {
  const { application, source, target, entrepot, env } = await setUp({ bob: password })
  const login = ["--username", "bob", "--password-stdin"]
  for (const output of ["--plain", "--json"]) {
    const args = ["mirror", `${source.host}/team/small:1`, "--to", target.host, ...login, output]
    const result = await entrepot.start(args, { env: { ...env, DEBUG: "*" }, input: password })
    expect(result.code, result.stderr).toBe(0)
    for (const secret of [password, application.token]) expect(result.stdout + result.stderr).not.toContain(secret)
  }
  const shown = await entrepot.run(["job", "1", "--json"], { env })
  expect(shown.stdout).not.toContain(password)
  expect(JSON.parse(shown.stdout)).toMatchObject({ credentialSides: ["target"] })
}, 60_000)

test("--detach prints the number, and job --follow shows everything from the first event", async () => {
  const { application, source, target, entrepot, env } = await setUp()
  const args = ["mirror", `${source.host}/team/small:1`, "--to", `${target.host}/p`, "--naming", "basename", "--detach"]
  const started = await entrepot.run(args, { env })
  expect(started).toEqual({
    code: 0,
    stdout: "1\n",
    stderr: `job 1 runs at ${application.url}; look at it with: entrepot job 1 --follow --server ${application.url}\n`,
  })
  for (let turn = 0; turn < 2; turn++) {
    const followed = await entrepot.run(["job", "1", "--follow"], { env })
    expect(followed.code).toBe(0)
    expect(steady(followed.stderr)).toBe(
      [
        `${source.host}/team/small:1 -> ${target.host}/p/small:1`,
        "2 blobs, 1.42 kB",
        "copying",
        "tagging",
        `✓ ${target.host}/p/small:1  1.42 kB sent, TIME`,
        "",
      ].join("\n"),
    )
  }
})

test("Ctrl-C cancels the job at the server and waits for its end", async () => {
  const { source, target, entrepot, env } = await setUp()
  source.fail("GET blob", { as: "stall" })
  const args = ["mirror", `${source.host}/team/small:1`, "--to", `${target.host}/p`, "--naming", "basename"]
  const result = await entrepot.start(args, {
    env,
    onStderr: (text, child) => {
      if (text.includes("copying\n") && !text.includes("stopping")) child.kill("SIGINT")
    },
  })
  expect(result.code).toBe(130)
  expect(result.stderr).toContain("stopping job 1 at the server … (Ctrl-C again to leave at once)\n")
  expect(result.stderr).toMatch(/^■ \S+\/team\/small:1 {2}stopped; [12] of 2 blobs left/m)
  const shown = await entrepot.run(["job", "1", "--json"], { env })
  expect(JSON.parse(shown.stdout)).toMatchObject({ state: "cancelled" })
}, 60_000)

test("fault 49: a connection that breaks is said so, and the job is shown to its end", async () => {
  const { application, source, target, entrepot, env } = await setUp()
  // Slow enough for the job to be under way when the connection to the server breaks.
  const slow = await faultProxy(source.port, [{ as: "linkRate", direction: "toClient", bytesPerSecond: 1_000 }])
  onTestFinished(() => slow[Symbol.asyncDispose]())
  const proxy = await faultProxy(application.server.port)
  onTestFinished(() => proxy[Symbol.asyncDispose]())
  const args = ["mirror", `${slow.host}/team/small:1`, "--to", `${target.host}/p`, "--naming", "basename"]
  let isBroken = false
  const result = await entrepot.start(args, {
    env: { ...env, ENTREPOT_SERVER: `http://127.0.0.1:${proxy.port}` },
    onStderr: (text) => {
      if (text.includes("copying\n") && !isBroken) {
        isBroken = true
        proxy.resetAll()
      }
    },
  })
  expect(result.code, result.stderr).toBe(0)
  expect(result.stderr).toContain("! connection to the server lost, trying again …\n")
  expect(result.stderr).toContain("! connected again\n")
  expect(result.stdout).toBe(`${target.host}/p/small:1\n`)
}, 60_000)

test("saved targets are added, listed, checked and removed by name, and a mirror goes to one of them", async () => {
  const { source, target, entrepot, env } = await setUp()
  const added = await entrepot.run(["targets", "add", "harbor", `${target.host}/p`, "--naming", "basename"], { env })
  expect(added).toEqual({ code: 0, stdout: "harbor\n", stderr: "" })
  const sealed = await entrepot.run(["targets", "add", "two", target.host, "--username", "bob", "--password-stdin"], {
    env,
    input: password,
  })
  expect(sealed.code).toBe(7)
  expect(sealed.stderr).toBe(
    `✗ The server cannot do this at present
  passwords cannot be kept: no master key is configured (MASTER_KEY_FILE)
  hint: write the output of \`openssl rand -base64 32\` into a file, and name it in MASTER_KEY_FILE
`,
  )
  const listed = await entrepot.run(["targets", "--lang", "zh"], { env })
  expect(listed.stdout.replace(/ +/g, " ")).toBe(`ID 名称 地址 命名规则 登录\n1 harbor ${target.host}/p basename\n`)
  expect((await entrepot.run(["targets", "check", "harbor"], { env })).code).toBe(0)
  const result = await entrepot.run(["mirror", `${source.host}/team/small:1`, "--to", "harbor", "--quiet"], { env })
  expect(result).toEqual({ code: 0, stdout: `${target.host}/p/small:1\n`, stderr: "" })
  await entrepot.run(["targets", "add", "harbor", target.host], { env })
  const unclear = await entrepot.run(["targets", "remove", "harbor"], { env })
  expect(unclear.stderr).toContain(
    "  there are 2 targets of the name harbor\n  hint: name it by its number, which `targets` shows\n",
  )
  expect((await entrepot.run(["targets", "remove", "2", "--lang", "zh"], { env })).stderr).toBe("目标仓库 harbor 已删除\n")
})

test("a server that was started anew is given the password again, and the job goes on", async () => {
  const dataDirectory = await mkdtemp(join(tmpdir(), "entrepot-application-"))
  onTestFinished(() => rm(dataDirectory, { recursive: true, force: true }))
  let application = await startApplication({ dataDirectory })
  onTestFinished(() => application[Symbol.asyncDispose]())
  const { source, target, entrepot } = await setUp({ bob: password })
  source.fail("GET blob", { as: "stall", times: 2 })
  const env = { ENTREPOT_SERVER: application.url, ENTREPOT_TOKEN: application.token }
  const args = ["mirror", `${source.host}/team/small:1`, "--to", `${target.host}/p`, "--naming", "basename"]
  let restarted: Promise<void> | undefined
  const restart = async () => {
    const { port } = application.server
    await application[Symbol.asyncDispose]()
    application = await startApplication({ dataDirectory, port })
  }
  const result = await entrepot.start([...args, "--username", "bob", "--password-stdin"], {
    env,
    input: password,
    onStderr: (text) => {
      if (text.includes("copying\n")) restarted ??= restart()
    },
  })
  await restarted
  expect(result.code, result.stderr).toBe(0)
  expect(result.stdout).toBe(`${target.host}/p/small:1\n`)
  expect(target.holds("p/small:1", small)).toBe(true)
  expect(result.stdout + result.stderr).not.toContain(password)
})
