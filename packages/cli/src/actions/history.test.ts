import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { image, testRegistry } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { type Executable, executableIn } from "../executable.fixture.ts"

const small = image({ seed: "small" })
const password = "hunter2-canary"
const patient = 60_000

async function setUp(auth?: Record<string, string>) {
  const source = await testRegistry({ images: { "team/small:1": small, "team/small:2": small } })
  onTestFinished(() => source[Symbol.asyncDispose]())
  const target = await testRegistry(auth === undefined ? {} : { auth: { basic: auth } })
  onTestFinished(() => target[Symbol.asyncDispose]())
  const entrepot: Executable = await executableIn()
  onTestFinished(() => entrepot[Symbol.asyncDispose]())
  return { source, target, entrepot, to: ["--to", `${target.host}/p`, "--naming", "basename"] }
}

/** What the history has, the newest first. */
async function recorded(entrepot: Executable, ...args: string[]): Promise<Record<string, unknown>[]> {
  const result = await entrepot.run(["history", "--json", ...args])
  expect(result.code, result.stderr).toBe(0)
  return JSON.parse(result.stdout)
}

test(
  "what mirror brings is in the history with its end and its totals, a failure with its reason",
  async () => {
    const { source, target, entrepot, to } = await setUp()
    expect((await entrepot.start(["mirror", `${source.host}/team/small:1`, ...to])).code).toBe(0)
    expect((await entrepot.start(["mirror", `${source.host}/team/none:1`, ...to])).code).toBe(5)
    expect((await entrepot.start(["mirror", `${source.host}/team/small:1`, ...to, "--dry-run"])).code).toBe(0)
    expect((await entrepot.start(["mirror", `${source.host}/team/small:2`, ...to, "--no-history"])).code).toBe(0)
    const { host } = source
    expect(await recorded(entrepot)).toMatchObject([
      {
        id: 2,
        state: "failed",
        runner: "terminal",
        source: `${host}/team/none:1`,
        failure: { code: "not_found", side: "source" },
      },
      {
        id: 1,
        state: "succeeded",
        runner: "terminal",
        source: `${host}/team/small:1`,
        target: `${target.host}/p/small:1`,
        targetHost: target.host,
        digest: small.descriptor.digest,
        unchanged: false,
        totals: { bytesSent: 1423, blobsSent: 2 },
      },
    ])
    const replay = await entrepot.run(["job", "1", "--follow"])
    expect(replay.code).toBe(0)
    expect(replay.stdout).toBe(`${target.host}/p/small:1\n`)
    expect(replay.stderr.split("\n").slice(0, 2)).toEqual([
      `${host}/team/small:1 -> ${target.host}/p/small:1`,
      "2 blobs, 1.42 kB",
    ])
    const table = await entrepot.run(["history", "--search", "NONE"])
    expect(table.stdout).toMatch(
      /^ID {2}STATE {3}ENDED {13}TOOK {2,}SENT {2}IMAGE .*TARGET\n2 {3}failed {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}\S+ +0 B {3}\S+\/team\/none:1 {2}\S+\/p\/none:1\n$/,
    )
  },
  patient,
)

test(
  "Ctrl-C is in the history as cancelled, and a process that was killed as well once somebody looks",
  async () => {
    const { source, entrepot, to } = await setUp()
    source.fail("GET blob", { as: "stall", times: 100 })
    for (const signal of ["SIGINT", "SIGKILL"] as const) {
      let isAwaited = false
      await entrepot.start(["mirror", `${source.host}/team/small:1`, ...to], {
        onStderr: (text, child) => {
          if (isAwaited || !text.includes("copying\n")) return
          isAwaited = true
          // The database is opened beside the copy: what is killed before that was never begun.
          void untilRecorded(entrepot).then(() => child.kill(signal))
        },
      })
    }
    const jobs = await recorded(entrepot)
    expect(jobs.map(({ state }) => state)).toEqual([expect.stringMatching(/^(failed|cancelled)$/), "cancelled"])
    expect((await entrepot.run(["jobs", "--json"])).stdout).toBe("[]\n")
  },
  patient,
)

/** Resolves as soon as a job of this directory runs. */
async function untilRecorded(entrepot: Executable): Promise<void> {
  for (;;) {
    const { stdout } = await entrepot.start(["jobs", "--json"])
    if (stdout.includes('"state":"running"')) return
  }
}

test(
  "several commands at once share one history",
  async () => {
    const { source, entrepot, to } = await setUp()
    const runs = [1, 2, 1, 2].map((tag) => entrepot.start(["mirror", `${source.host}/team/small:${tag}`, ...to]))
    for (const { code, stderr } of await Promise.all(runs)) {
      expect(code).toBe(0)
      expect(stderr).not.toContain("!")
    }
    expect((await recorded(entrepot)).map(({ id, state }) => [id, state])).toEqual([4, 3, 2, 1].map((id) => [id, "succeeded"]))
  },
  patient,
)

test(
  "a database that cannot be opened costs one line, and the copy nothing",
  async () => {
    const { source, target, entrepot, to } = await setUp()
    await writeFile(join(entrepot.directory, "data"), "not a directory")
    const result = await entrepot.start(["mirror", `${source.host}/team/small:1`, ...to])
    expect(result.code).toBe(0)
    expect(result.stdout).toBe(`${target.host}/p/small:1\n`)
    expect(result.stderr.split("\n").filter((line) => line.startsWith("!"))).toEqual([
      expect.stringMatching(/^! this run is not in the history: EEXIST: file already exists, mkdir '.*data'$/),
    ])
  },
  patient,
)

test(
  "ENTREPOT_HISTORY=off writes nothing",
  async () => {
    const { source, entrepot, to } = await setUp()
    const env = { ENTREPOT_HISTORY: "off" }
    expect((await entrepot.start(["mirror", `${source.host}/team/small:1`, ...to], { env })).code).toBe(0)
    expect(await recorded(entrepot)).toEqual([])
  },
  patient,
)

test(
  "S19: no password is in the database",
  async () => {
    const { source, entrepot, to } = await setUp({ bob: password })
    const login = ["--username", "bob", "--password-stdin"]
    expect((await entrepot.start(["mirror", `${source.host}/team/small:1`, ...to, ...login], { input: password })).code).toBe(0)
    expect(await recorded(entrepot)).toMatchObject([{ state: "succeeded" }])
    const { readFile, readdir } = await import("node:fs/promises")
    const data = join(entrepot.directory, "data")
    for (const name of await readdir(data)) {
      const bytes = await readFile(join(data, name))
      for (const secret of [password, Buffer.from(`bob:${password}`).toString("base64")])
        expect(bytes.includes(secret)).toBe(false)
    }
  },
  patient,
)
