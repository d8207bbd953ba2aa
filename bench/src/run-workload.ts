import type { DockerRegistry, TestImage } from "../../packages/testing/src/index.ts"
import type { Ends } from "./ends.ts"
import { type Measured, measure } from "./measure.ts"
import { type CopyTask, cleanEnvironment, type Peer } from "./peer.ts"
import type { EndCount, Result } from "./result.ts"
import type { Workload } from "./workload.ts"

const sourceRepository = "bench/image"
const targetRepository = "copies/image"
const unbroken = "whole, but the fault never struck"

export interface RunSettings {
  readonly runs: number
  readonly giveUpSeconds: number
  /** Told what is being done. */
  readonly say: (text: string) => void
}

interface Run {
  readonly measured: Measured
  readonly source: EndCount
  readonly target: EndCount
  readonly failure: string | undefined
}

/** Measures every peer on one workload, in turns; then once more each through counters, which would cost time in the measured runs. */
export async function runWorkload(
  workload: Workload,
  peers: readonly Peer[],
  ends: Ends,
  settings: RunSettings,
): Promise<Result[]> {
  if (workload.kind === "idle") return await startUp(workload, peers, ends, settings)
  const images = workload.images?.() ?? {}
  await ends.emptySource()
  await fill(ends.source, sourceRepository, images)
  if (workload.unchanged) {
    await ends.emptyTarget()
    await fill(ends.target, targetRepository, images)
  }
  const able = peers.filter((peer) => peer.arguments(taskFor(workload, "a", "b")) !== undefined)
  const runs = new Map<Peer, Run[]>(able.map((peer) => [peer, []]))
  const rounds = Math.min(settings.runs, workload.mostRuns ?? settings.runs)
  const context = { workload, images, ends, settings }
  for (let round = 1; round <= rounds; round++) {
    for (const peer of able) {
      const earlier = runs.get(peer) ?? []
      if (earlier.some((run) => run.failure !== undefined)) continue
      settings.say(`${workload.name}: ${peer.name}, run ${round} of ${rounds}`)
      earlier.push(await copyOnce(peer, context, workload.link !== undefined))
    }
  }
  const results: Result[] = []
  for (const peer of able) {
    const measured = runs.get(peer) ?? []
    const failed = measured.find((run) => run.failure !== undefined)
    const countedAlready = workload.link !== undefined || failed !== undefined
    if (!countedAlready) settings.say(`${workload.name}: ${peer.name}, counting`)
    const counts = countedAlready ? measured.at(-1) : await copyOnce(peer, context, true)
    results.push({
      workload: workload.name,
      title: workload.title,
      peer: peer.name,
      version: peer.version,
      runs: measured.map((run) => run.measured),
      ...(counts ? { source: counts.source, target: counts.target } : {}),
      ...(failed?.failure === undefined ? {} : { failure: failed.failure }),
    })
  }
  return results
}

async function fill(registry: DockerRegistry, repository: string, images: Readonly<Record<string, TestImage>>): Promise<void> {
  for (const [tag, image] of Object.entries(images)) await registry.client.push(`${repository}:${tag}`, image)
}

async function startUp(workload: Workload, peers: readonly Peer[], ends: Ends, settings: RunSettings): Promise<Result[]> {
  const env = cleanEnvironment(ends.home, [])
  const runs = new Map<Peer, Measured[]>(peers.map((peer) => [peer, []]))
  for (let round = 0; round < settings.runs; round++) {
    for (const peer of peers) runs.get(peer)?.push(await measure(peer.path, peer.idle, { env, limitMs: 30_000, cwd: ends.home }))
  }
  return peers.map((peer) => ({
    workload: workload.name,
    title: workload.title,
    peer: peer.name,
    version: peer.version,
    runs: runs.get(peer) ?? [],
  }))
}

function taskFor(workload: Workload, source: string, target: string): CopyTask {
  return {
    kind: workload.kind === "idle" ? "image" : workload.kind,
    source: { host: source, repository: sourceRepository, tag: "1" },
    target: { host: target, repository: targetRepository, tag: "1" },
  }
}

interface Context {
  readonly workload: Workload
  readonly images: Readonly<Record<string, TestImage>>
  readonly ends: Ends
  readonly settings: RunSettings
}

async function copyOnce(peer: Peer, context: Context, counts: boolean): Promise<Run> {
  const { workload, images, ends, settings } = context
  if (!workload.unchanged) await ends.emptyTarget()
  const { counted } = ends
  const plain = { source: ends.source.host, target: ends.target.host }
  counted.source.clear()
  counted.target.clear()
  const behind = counts ? { source: counted.source.host, target: counted.target.host } : plain
  const link = await workload.link?.open(behind[workload.link.end])
  const hosts = link && workload.link ? { ...behind, [workload.link.end]: link.host } : behind
  try {
    const measured = await runPeer(peer, taskFor(workload, hosts.source, hosts.target), context)
    return {
      measured,
      // Behind a link, what it delivered: a registry counts bytes as sent that a broken connection lost.
      source: {
        requests: counted.source.requests.length,
        bytes: link && workload.link?.end === "source" ? link.bytes.toClient : counted.source.bytesOut(),
      },
      target: {
        requests: counted.target.requests.length,
        bytes: link && workload.link?.end === "target" ? link.bytes.toServer : counted.target.bytesIn(),
      },
      failure:
        (await failureOf(measured, images, ends, settings)) ??
        (link && "strikes" in link && link.strikes === 0 ? unbroken : undefined),
    }
  } finally {
    await link?.[Symbol.asyncDispose]()
  }
}

async function runPeer(peer: Peer, task: CopyTask, { ends, settings }: Context): Promise<Measured> {
  const env = cleanEnvironment(ends.home, [task.source.host, task.target.host])
  const args = peer.arguments(task) ?? []
  return await measure(peer.path, args, { env, limitMs: settings.giveUpSeconds * 1000, cwd: ends.home })
}

/** Judged by what is at the target, not by the exit code alone. */
async function failureOf(
  measured: Measured,
  images: Readonly<Record<string, TestImage>>,
  ends: Ends,
  settings: RunSettings,
): Promise<string | undefined> {
  if (measured.exitCode === undefined) return `killed after ${settings.giveUpSeconds} s`
  if (measured.exitCode !== 0) return `gave up (exit ${measured.exitCode}): ${lastWords(measured.said)}`
  for (const [tag, image] of Object.entries(images)) {
    if (!(await ends.target.client.holds(`${targetRepository}:${tag}`, image))) return `${tag} is not whole at the target`
  }
  return undefined
}

/** The last line of what a program said, without the queries of its URLs, which are long and say nothing. */
function lastWords(said: string): string {
  return (said.split("\n").at(-1) ?? "").replace(/\?[^\s"\\]*/g, "?…").slice(-200)
}
