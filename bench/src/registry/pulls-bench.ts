import { type DockerRegistry, dockerRegistry, image } from "../../../packages/testing/src/index.ts"
import { quantile, shortTime } from "../app/app-table.ts"
import { median } from "../result.ts"
import { download, manifestType, useOf } from "./load.ts"
import { type PacedUpstream, pacedUpstream } from "./paced-upstream.ts"
import type { RegistryBenchOptions } from "./registry-options.ts"
import { startSubject } from "./subject.ts"
import type { BenchContext } from "./warm-bench.ts"

type Options = RegistryBenchOptions & BenchContext

const GiB = 1024 ** 3
const repository = "library/large"

/** Few large downloads: one of 1 GiB that is there, one that is not, and many clients of one that is not. A table each. */
export async function benchPulls(options: Options): Promise<string[][][]> {
  const tables: string[][][] = []
  if (options.only.includes("one-blob") || options.only.includes("cold")) {
    const made = image({ seed: "one large layer", layers: [{ sizeBytes: GiB }] })
    await using upstream = await dockerRegistry()
    await upstream.client.push(`${repository}:1`, made)
    const digest = [...made.blobs].find(([, content]) => content.sizeBytes === GiB)?.[0] ?? ""
    if (options.only.includes("one-blob")) tables.push(await oneBlob(upstream, digest, options))
    if (options.only.includes("cold")) tables.push(await coldPull(upstream, digest, options))
  }
  if (options.only.includes("clients")) {
    tables.push(await manyClients({ clients: 16, bytesPerSecond: 50e6 }, options))
    tables.push(await manyClients({ clients: 64, bytesPerSecond: Number.POSITIVE_INFINITY }, options))
  }
  return tables
}

async function oneBlob(upstream: DockerRegistry, digest: string, options: Options): Promise<string[][]> {
  const rows: string[][] = []
  for (const peer of options.peers) {
    await using subject = await startSubject(peer, { upstream: upstream.origin, ...options })
    options.say(`one warm blob of 1 GiB: ${peer}`)
    const url = `${subject.origin}/v2/${repository}/blobs/${digest}`
    await askManifest(subject.origin)
    await download(url)
    const before = useOf(subject)
    const times: number[] = []
    for (let run = 0; run < options.runs; run++) times.push((await download(url))[0]?.totalMs ?? 0)
    const cpuMs = (useOf(subject).cpuMs - before.cpuMs) / options.runs
    rows.push([peer, rate(GiB, median(times)), shortTime(median(times)), shortTime(cpuMs), memory(useOf(subject).peakBytes)])
  }
  return [["one warm blob of 1 GiB", "a second", "time", "CPU", "memory, peak"], ...rows]
}

async function coldPull(upstream: DockerRegistry, digest: string, options: Options): Promise<string[][]> {
  const rows: string[][] = []
  for (const peer of options.peers) {
    options.say(`one cold blob of 1 GiB: ${peer}`)
    const [times, cpus, peaks]: [number[], number[], number[]] = [[], [], []]
    for (let run = 0; run < options.runs; run++) {
      await using subject = await startSubject(peer, { upstream: upstream.origin, ...options })
      await askManifest(subject.origin)
      const before = useOf(subject)
      const [pulled] = await download(`${subject.origin}/v2/${repository}/blobs/${digest}`)
      times.push(pulled?.totalMs ?? 0)
      cpus.push(useOf(subject).cpuMs - before.cpuMs)
      peaks.push(useOf(subject).peakBytes)
    }
    rows.push([peer, rate(GiB, median(times)), shortTime(median(times)), shortTime(median(cpus)), memory(Math.max(...peaks))])
  }
  return [["one cold blob of 1 GiB", "a second", "time", "CPU", "memory, peak"], ...rows]
}

async function manyClients(link: { clients: number; bytesPerSecond: number }, options: Options): Promise<string[][]> {
  const { clients, bytesPerSecond } = link
  const rows: string[][] = []
  const sizeBytes = 300 * 1024 ** 2
  const speed = Number.isFinite(bytesPerSecond) ? `upstream ${bytesPerSecond / 1e6} MB/s` : "upstream unhindered"
  await using upstream = await pacedUpstream(sizeBytes, bytesPerSecond)
  for (const peer of options.peers) {
    options.say(`${clients} cold clients of 300 MiB, ${speed}: ${peer}`)
    await using subject = await startSubject(peer, { upstream: upstream.origin, ...options })
    await askManifest(subject.origin)
    rows.push([peer, ...(await clientsOf(subject.origin, upstream, clients)), memory(useOf(subject).peakBytes)])
  }
  const title = `${clients} cold clients of 300 MiB, ${speed}`
  return [[title, "upstream GETs, bytes", "all done after", "first byte: median, last", "whole", "memory, peak"], ...rows]
}

async function clientsOf(origin: string, upstream: PacedUpstream, clients: number): Promise<string[]> {
  upstream.reset()
  const found = await download(`${origin}/v2/${repository}/blobs/${upstream.digest}`, clients)
  const firsts = found.map(({ firstByteMs }) => firstByteMs).sort((a, b) => a - b)
  const whole = found.filter(({ status, bytes }) => status === 200 && bytes === upstream.sizeBytes).length
  return [
    `${upstream.gets}, ${Math.round(upstream.bytesSent / 1024 ** 2)} MiB`,
    shortTime(Math.max(...found.map(({ totalMs }) => totalMs))),
    `${shortTime(quantile(firsts, 0.5))}, ${shortTime(firsts.at(-1) ?? 0)}`,
    `${whole} of ${clients}`,
  ]
}

async function askManifest(origin: string): Promise<void> {
  const answer = await fetch(`${origin}/v2/${repository}/manifests/1`, { headers: { accept: manifestType } })
  await answer.arrayBuffer()
  if (answer.status !== 200) throw new Error(`${origin} answers ${answer.status} to a manifest`)
}

function rate(bytes: number, ms: number): string {
  return `${(bytes / 1e6 / ms).toFixed(2)} GB`
}

function memory(bytes: number): string {
  return `${Math.round(bytes / 1024 ** 2)} MiB`
}
