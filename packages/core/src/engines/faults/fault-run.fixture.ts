import { createHash } from "node:crypto"
import { existsSync, readdirSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import {
  type DockerRegistry,
  type DockerRegistryOptions,
  dockerRegistry,
  type FaultGateway,
  faultGateway,
  type TestImage,
} from "@entrepot/testing"
import { expect } from "vitest"
import { describeError } from "../../errors/messages.ts"
import { createHttp } from "../../http/create-http.ts"
import type { HttpOptions } from "../../http/http-options.ts"
import type { UploadSettings } from "../../stores/remote/upload.ts"
import type { BlobEvent, OutcomeEvent, TransferEvent, TransferFailure } from "../../transfer/events.ts"
import type { SessionOptions } from "../../transfer/session.ts"
import { createDirectEngine } from "../direct.ts"
import type { CopyRequest } from "../engine.ts"

export const MiB = 1024 * 1024

/** How impatient a copy is; what is not told is impatient enough for a test. */
export interface Manner {
  readonly http?: HttpOptions
  readonly session?: SessionOptions
  readonly upload?: Partial<UploadSettings>
  readonly onEvent?: (event: TransferEvent) => void
}

export interface Copied {
  readonly outcome: OutcomeEvent
  readonly events: readonly TransferEvent[]
  readonly logs: readonly string[]
  readonly durationMs: number
}

/** A busy machine may answer slowly: what counts as a short way does not depend on it. */
const impatient = {
  backoffMs: 1,
  stallTimeoutMs: 2_000,
  answerTimeoutMs: 3_000,
  cancelTimeoutMs: 1_000,
  carefulRoundTripMs: 10_000,
}

/** An engine whose HTTP client ends with it. */
export interface TestEngine extends AsyncDisposable {
  run(request: CopyRequest): Promise<Copied>
}

export function testEngine(manner: Manner = {}): TestEngine {
  const http = createHttp({ ...manner.http, retry: { minMs: 1, maxMs: 5, ...manner.http?.retry } })
  const upload = { ...impatient, ...manner.upload }
  const engine = createDirectEngine({
    stores: { http, upload, cacheDirectory: join(tmpdir(), "entrepot-faults-cache") },
    retryMinMs: 1,
    retryMaxMs: 5,
    stallMs: 2_000,
    // what several connections fetch twice of each other's stretches depends on the machine
    maxRanges: 1,
    ...manner.session,
  })
  return {
    async run(request) {
      const events: TransferEvent[] = []
      const startedAt = performance.now()
      for await (const event of engine.copy(request)) {
        events.push(event)
        manner.onEvent?.(event)
      }
      const outcome = events.at(-1)
      if (outcome?.type !== "outcome") throw new Error("the copy ended without an outcome")
      expectTruth(events, outcome)
      const logs = events.flatMap((event) => (event.type === "log" ? [event.message] : []))
      return { outcome, events, logs, durationMs: performance.now() - startedAt }
    },
    async [Symbol.asyncDispose]() {
      await engine.close()
      await http.close()
    },
  }
}

/** Runs one copy with an engine of its own, and shows that its events tell the truth and that no timer of it goes on afterwards. */
export async function copy(request: CopyRequest, manner: Manner = {}): Promise<Copied> {
  const timersBefore = openTimers()
  const engine = testEngine(manner)
  try {
    return await engine.run(request)
  } finally {
    await engine[Symbol.asyncDispose]()
    expect(await timersAtRest(timersBefore)).toBeLessThanOrEqual(timersBefore)
  }
}

/** The timers that are left once those of the servers in this process, a few milliseconds each, have gone. */
async function timersAtRest(before: number): Promise<number> {
  const until = performance.now() + 100
  while (openTimers() > before && performance.now() < until) await new Promise((resolve) => setImmediate(resolve))
  return openTimers()
}

/** Timers that would keep the process from ending. */
function openTimers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === "Timeout").length
}

/** No offset lies beyond its blob, what goes on goes on from where it was said to have stopped, and only what ended well is done. */
function expectTruth(events: readonly TransferEvent[], outcome: OutcomeEvent): void {
  const last = new Map<string, BlobEvent>()
  for (const event of events) {
    if (event.type === "log" && event.message.includes("has lost content of")) last.clear()
    if (event.type !== "blob") continue
    expect(event.offset).toBeLessThanOrEqual(event.size)
    if (event.state === "done") expect(event.offset).toBe(event.size)
    expect(["done", "present", "mounted", "skipped"]).not.toContain(last.get(event.digest)?.state)
    last.set(event.digest, event)
  }
  if (outcome.outcome !== "succeeded") return
  for (const event of last.values()) expect(["done", "present", "mounted", "skipped"]).toContain(event.state)
  const published = events.findLastIndex((event) => event.type === "manifest")
  expect(published).toBeGreaterThan(events.findLastIndex((event) => event.type === "blob" && event.state !== "done"))
}

export function blobEvents(events: readonly TransferEvent[]): BlobEvent[] {
  return events.filter((event) => event.type === "blob")
}

/** Bytes that the blobs under way are said to have, all together. */
export function toldBytes(): { take(event: TransferEvent): number } {
  const offsets = new Map<string, number>()
  return {
    take(event) {
      if (event.type === "blob" && event.state !== "present" && event.state !== "mounted") offsets.set(event.digest, event.offset)
      return [...offsets.values()].reduce((sum, each) => sum + each, 0)
    },
  }
}

/** A real registry to push to, and what goes there. */
export interface Target extends AsyncDisposable {
  readonly host: string
  readonly registry: DockerRegistry
  readonly gateway: FaultGateway
}

export async function realTarget(options?: DockerRegistryOptions): Promise<Target> {
  const registry = await dockerRegistry(options)
  const gateway = await faultGateway(registry.host)
  return {
    host: gateway.host,
    registry,
    gateway,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]()
      await registry[Symbol.asyncDispose]()
    },
  }
}

/** The registry has exactly this image: every manifest byte for byte, every blob by its digest, and no upload that nobody gave up. */
export async function expectWhole(target: Target, reference: string, image: TestImage): Promise<void> {
  const { registry } = target
  const repository = reference.slice(0, reference.indexOf(":"))
  const tag = reference.slice(reference.indexOf(":") + 1)
  expect((await registry.client.manifest(repository, tag))?.bytes.equals(image.manifest)).toBe(true)
  for (const child of image.children) {
    expect((await registry.client.manifest(repository, child.descriptor.digest))?.bytes.equals(child.manifest)).toBe(true)
  }
  for (const digest of image.blobs.keys()) expect(await digestAt(registry, repository, digest)).toBe(digest)
  expect(abandonedUploads(target, repository)).toEqual([])
}

async function digestAt(registry: DockerRegistry, repository: string, digest: string): Promise<string> {
  const answer = await fetch(`${registry.origin}/v2/${repository}/blobs/${digest}`)
  if (answer.status !== 200 || answer.body === null) return `${answer.status}`
  const hash = createHash("sha256")
  for await (const piece of answer.body) hash.update(piece)
  return `sha256:${hash.digest("hex")}`
}

/** The registry has nothing under this name: no tag, no manifest, and no upload that nobody gave up. */
export async function expectNothing(target: Target, repository: string, image: TestImage): Promise<void> {
  const { client } = target.registry
  expect(await client.tags(repository)).toEqual([])
  for (const { descriptor } of [image, ...image.children]) {
    expect(await client.manifest(repository, descriptor.digest)).toBeUndefined()
  }
  expect(abandonedUploads(target, repository)).toEqual([])
}

/**
 * Sessions on the registry's disk that were neither closed nor given up. distribution 2.8.2 answers 404 to a DELETE of an upload that has grown since
 * its last Location ("upload resumed at wrong offset"), and sweeps it later: such a session was given up.
 */
function abandonedUploads({ registry, gateway }: Target, repository: string): string[] {
  const directory = join(registry.storage, "docker/registry/v2/repositories", repository, "_uploads")
  if (!existsSync(directory)) return []
  const refused = new Set(
    [...gateway.matching("DELETE upload"), ...gateway.matching("GET upload")]
      .filter(({ status }) => status === 404)
      .map(({ reference }) => reference),
  )
  return readdirSync(directory).filter((id) => existsSync(join(directory, id, "startedat")) && !refused.has(id))
}

/** How it failed, with what a person reads about it in both languages. */
export function failureOf({ outcome }: Copied): TransferFailure & { readonly zh: string; readonly en: string } {
  if (outcome.outcome !== "failed" || outcome.error === undefined) throw new Error(`it ${outcome.outcome}`)
  return { ...outcome.error, zh: describeError(outcome.error, "zh"), en: describeError(outcome.error, "en") }
}
