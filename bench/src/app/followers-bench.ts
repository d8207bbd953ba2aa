import { type ChildProcess, spawn } from "node:child_process"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { performance } from "node:perf_hooks"
import { fileURLToPath } from "node:url"
import { type Caller, claimServer, createKey } from "../../../packages/server/src/e2e/caller.fixture.ts"
import { startServerProcess } from "../../../packages/server/src/e2e/server-process.fixture.ts"
import { image, type TestRegistry, testRegistry } from "../../../packages/testing/src/index.ts"
import { shortTime } from "./app-table.ts"
import type { Findings, FollowTask } from "./follow.ts"
import { processUse } from "./process-use.ts"

export interface FollowersBenchOptions {
  readonly followers: number
  readonly subscriptions: number
  /** Where a processor profile of the server goes. */
  readonly profile: string | undefined
  readonly programs: URL
  readonly say: (text: string) => void
}

const streamsPerKey = 5
/** About 24 of them end a second, each with an event that is kept. */
const blobs = 500
const blobBytes = 1024
const bytesPerSecond = 4096

/** What a run of followers showed. */
interface Followed {
  readonly title: string
  readonly findings: Findings
  readonly durationMs: number
  readonly cpuMs: number
  readonly memoryBytes: number
  readonly peakBytes: number
}

/** Lets hundreds follow one running job, and measures how late each event arrives. A table, the first row its head. */
export async function benchFollowers(options: FollowersBenchOptions): Promise<string[][]> {
  const layers = Array.from({ length: blobs }, () => ({ sizeBytes: blobBytes }))
  await using source = await testRegistry({ images: { "bench/slow:1": image({ seed: "followers", layers }) } })
  await using target = await testRegistry()
  source.fail("GET blob", { as: "drip", bytesPerSecond, times: Number.POSITIVE_INFINITY })
  const results: Followed[] = []
  for (const [title, count, pathOf] of [
    ["plain event streams", options.followers, (id: number) => `/api/jobs/${id}/events`],
    [
      "tRPC subscriptions",
      options.subscriptions,
      (id: number) => `/api/trpc/jobs.follow?input=${encodeURIComponent(JSON.stringify({ id }))}`,
    ],
  ] as const) {
    if (count === 0) continue
    options.say(`followers: ${count} ${title}`)
    results.push({ title: `${count} ${title}`, ...(await followed(count, pathOf, { source, target }, options)) })
  }
  return [
    ["followers", "events each", "deliveries", "lost, repeated", "p50", "p99", "slowest", "server's memory, peak", "processor"],
    ...results.map(({ title, findings, durationMs, cpuMs, memoryBytes, peakBytes }) => [
      title,
      `${findings.eventsEach.least}${findings.eventsEach.most === findings.eventsEach.least ? "" : `–${findings.eventsEach.most}`}`,
      String(findings.deliveries),
      `${findings.gaps}, ${findings.repeats}${findings.cut > 0 ? `; ${findings.cut} cut` : ""}${findings.refused.map((text) => `; ${text}`).join("")}`,
      shortTime(findings.p50),
      shortTime(findings.p99),
      shortTime(findings.max),
      `${mebibytes(memoryBytes)}, ${mebibytes(peakBytes)}`,
      `${Math.round((100 * cpuMs) / durationMs)} % of one, for ${shortTime(durationMs)}`,
    ]),
  ]
}

async function followed(
  count: number,
  pathOf: (id: number) => string,
  { source, target }: { source: TestRegistry; target: TestRegistry },
  options: FollowersBenchOptions,
): Promise<Omit<Followed, "title">> {
  const directory = await mkdtemp(join(tmpdir(), "entrepot-followers-"))
  try {
    await using server = await startServerProcess({
      program: { path: fileURLToPath(new URL("serve.mjs", options.programs)) },
      directory,
      variables: { LOG_LEVEL: "warn" },
      nodeOptions: options.profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${options.profile}`],
    })
    const admin = await claimServer(server.url, "the bench's own token")
    const keys: string[] = []
    for (let at = 0; at < count / streamsPerKey; at++) keys.push(await createKey(admin, `follower ${at}`, ["jobs:read"]))
    const id = await startSlowJob(admin, source, target)
    const task: FollowTask = {
      port: Number(new URL(server.url).port),
      streams: Array.from({ length: count }, (_, at) => ({
        path: pathOf(id),
        headers: [`Authorization: Bearer ${keys[Math.floor(at / streamsPerKey)]}`],
      })),
    }
    const follower = startFollower(task, options.programs)
    await follower.open
    const before = processUse(server.pid)
    const began = performance.now()
    const findings = await follower.findings
    const durationMs = performance.now() - began
    const after = processUse(server.pid)
    await server.stop()
    return { findings, durationMs, cpuMs: after.cpuMs - before.cpuMs, memoryBytes: after.memoryBytes, peakBytes: after.peakBytes }
  } finally {
    await rm(directory, { recursive: true })
  }
}

async function startSlowJob(admin: Caller, source: TestRegistry, target: TestRegistry): Promise<number> {
  const body = {
    source_image: `${source.host}/bench/slow:1`,
    target_image: `${target.host}/copies/slow-${Math.round(performance.now())}:1`,
    target_host: target.host,
    source_plain_http: true,
    target_plain_http: true,
  }
  const answer = await admin.ask("POST", "/api/jobs", body)
  if (answer.status !== 202) throw new Error(`the job was not taken: ${answer.text}`)
  return (answer.json() as { job: { id: number } }).job.id
}

function startFollower(task: FollowTask, programs: URL): { open: Promise<void>; findings: Promise<Findings> } {
  const child: ChildProcess = spawn(process.execPath, [fileURLToPath(new URL("follow.mjs", programs))], {
    stdio: ["pipe", "pipe", "inherit"],
  })
  child.stdin?.end(JSON.stringify(task))
  let said = ""
  let opened: () => void = () => undefined
  const open = new Promise<void>((resolve) => {
    opened = resolve
  })
  child.stdout?.on("data", (piece) => {
    said += String(piece)
    if (said.startsWith("open\n")) opened()
  })
  const findings = new Promise<Findings>((resolve, reject) => {
    child.once("close", (code) => {
      opened()
      if (code === 0) resolve(JSON.parse(said.slice(said.indexOf("{"))) as Findings)
      else reject(new Error(`the follower ended with ${code}`))
    })
  })
  return { open, findings }
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MiB`
}
