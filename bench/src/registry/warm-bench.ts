import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type DockerRegistry, dockerRegistry, image } from "../../../packages/testing/src/index.ts"
import { shortTime } from "../app/app-table.ts"
import { type Load, load, manifestType } from "./load.ts"
import type { RegistryBenchOptions, RegistryPeer } from "./registry-options.ts"
import { type Subject, startSubject } from "./subject.ts"

export interface BenchContext {
  readonly programs: URL
  readonly say: (text: string) => void
}

const blobCount = 200
const blobBytes = 1024 * 1024
const repository = "library/bench"

/** Many small requests for what is there: manifests by digest and by tag, and blobs of 1 MiB. A table each, the first row its head. */
export async function benchWarm(options: RegistryBenchOptions & BenchContext): Promise<string[][][]> {
  const manifests = options.only.includes("manifests")
  const blobs = options.only.includes("blobs")
  if (!manifests && !blobs) return []
  const made = image({ seed: "registry bench", layers: Array.from({ length: blobCount }, () => ({ sizeBytes: blobBytes })) })
  const small = image({ seed: "registry bench small", layers: [{ sizeBytes: 1000 }] })
  await using upstream = await dockerRegistry()
  await upstream.client.push(`${repository}:1`, made)
  await upstream.client.push(`${repository}:small`, small)
  const layers = [...made.blobs.keys()]
  const directory = await mkdtemp(join(tmpdir(), "entrepot-bench-wrk-"))
  const script = join(directory, "blobs.lua")
  const paths = layers.map((digest) => `"/v2/${repository}/blobs/${digest}"`).join(",")
  await writeFile(script, `local p={${paths}} local i=0 request=function() i=i%#p+1 return wrk.format("GET",p[i]) end`)
  try {
    const byDigest = { title: "manifest by digest", path: `/v2/${repository}/manifests/${small.descriptor.digest}` }
    const byTag = { title: "manifest by tag", path: `/v2/${repository}/manifests/small` }
    const works = [
      ...(manifests ? [byDigest, byTag] : []),
      ...(blobs ? [{ title: "blobs of 1 MiB", path: `/v2/${repository}/blobs/${layers[0]}`, script }] : []),
    ]
    const tables: string[][][] = []
    for (const work of works) tables.push(await tableOf(work, layers, upstream, options))
    return tables
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

interface Work {
  readonly title: string
  readonly path: string
  readonly script?: string
}

/** A fresh server for each work, so that its memory is that work's. */
async function tableOf(
  work: Work,
  layers: readonly string[],
  upstream: DockerRegistry,
  options: RegistryBenchOptions & BenchContext,
): Promise<string[][]> {
  const rows: string[][] = []
  for (const peer of options.peers) {
    await using subject = await startSubject(peer, { upstream: upstream.origin, ...options })
    options.say(`${work.title}: ${peer}`)
    await warm(subject, work, layers)
    for (const connections of options.connections) {
      rows.push(rowOf(peer, connections, await load(subject, work.path, { ...options, ...work, connections })))
    }
  }
  return [
    [`warm ${work.title}`, "connections", "a second", "p99", "CPU each", "memory, peak", "bytes a second", "failed"],
    ...rows,
  ]
}

function rowOf(peer: RegistryPeer, connections: number, found: Load): string[] {
  return [
    peer,
    `${connections}`,
    Math.round(found.perSecond).toLocaleString("en"),
    shortTime(found.p99Ms),
    `${Math.round(found.cpuMicrosecondsEach)} µs`,
    `${Math.round(found.peakBytes / 1024 ** 2)} MiB`,
    `${(found.bytesPerSecond / 1e6).toFixed(0)} MB`,
    `${found.failed}`,
  ]
}

async function warm(subject: Subject, work: Work, layers: readonly string[]): Promise<void> {
  const manifestPath = work.script === undefined ? work.path : `/v2/${repository}/manifests/1`
  const paths = [manifestPath, ...(work.script === undefined ? [] : layers.map((digest) => `/v2/${repository}/blobs/${digest}`))]
  for (const path of paths) {
    // Twice: distribution stores what it has sent, and a moment later.
    for (let time = 0; time < 2; time++) {
      const answer = await fetch(`${subject.origin}${path}`, {
        headers: { accept: manifestType },
      })
      await answer.arrayBuffer()
      if (answer.status !== 200) throw new Error(`${subject.peer} answers ${answer.status} to ${path}`)
    }
  }
  await load(subject, work.path, { connections: 16, seconds: 1, ...(work.script === undefined ? {} : { script: work.script }) })
}
