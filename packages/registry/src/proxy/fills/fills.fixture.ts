import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import {
  type ByteStream,
  createHttp,
  type Descriptor,
  type Digest,
  digestOf,
  mediaTypes,
  openRemote,
  type RemoteStore,
  type SessionOptions,
  TransferSession,
} from "@entrepot/core"
import { image, layer, type TestImage, type TestRegistry, testRegistry } from "@entrepot/testing"
import { onTestFinished } from "vitest"
import type { BlobStore, PartialBlob, StoredBlob } from "../../blobs/blob-store.ts"
import { createDiskBlobStore } from "../../blobs/disk-blob-store.ts"
import type { FillBudgetOptions } from "./fill-budget.ts"
import type { FillRequest, FillWarehouse } from "./fill-request.ts"
import { Fills } from "./fills.ts"

export const repository = "team/app"

/** For `expect.poll`, on a machine that has other things to do. */
export const patience = { timeout: 10_000 }

/** An image of one layer, and that layer as manifests name it. */
export function imageOf(seed: string, sizeBytes: number): { readonly image: TestImage; readonly blob: Descriptor } {
  const only = layer({ seed, sizeBytes })
  return {
    image: image({ seed, layers: [only] }),
    blob: { mediaType: mediaTypes.ociLayerGzip, digest: only.digest, size: only.content.sizeBytes },
  }
}

/** Repositories of upstreams over connections of their own, impatient in their retries. */
export function remotesOf(...registries: readonly Pick<TestRegistry, "host">[]): RemoteStore[] {
  return registries.map(({ host }) => {
    const http = createHttp({ retry: { attempts: 2, minMs: 1, maxMs: 5 } })
    onTestFinished(() => http.close())
    return openRemote({ host, repository, http })
  })
}

/** A warehouse without a database. */
export class NotedWarehouse implements FillWarehouse {
  readonly entered: string[] = []
  readonly roomAsked: number[] = []
  readonly #blobs: BlobStore
  /** Makes room, if it can. */
  evict: () => Promise<boolean> = async () => false

  constructor(blobs: BlobStore) {
    this.#blobs = blobs
  }

  async commitBlob(repositoryId: number, partial: PartialBlob, digest: Digest): Promise<StoredBlob> {
    const stored = await partial.commit(digest)
    await this.adoptBlob(repositoryId, digest, stored.sizeBytes)
    return stored
  }

  async adoptBlob(repositoryId: number, digest: Digest, sizeBytes: number): Promise<boolean> {
    if ((await this.#blobs.stat(digest))?.sizeBytes !== sizeBytes) return false
    this.entered.push(`${repositoryId} ${digest} ${sizeBytes}`)
    return true
  }

  makeRoom(bytes: number): Promise<boolean> {
    this.roomAsked.push(bytes)
    return this.evict()
  }
}

export interface TestFills {
  readonly fills: Fills
  readonly blobs: BlobStore
  readonly warehouse: NotedWarehouse
  /** What an operator was told. */
  readonly told: string[]
  readonly directory: string
}

/** Fills over a real directory, which goes with the test; each blob over one connection unless told, so that requests can be counted. */
export async function testFills(
  options: { readonly directory?: string; readonly session?: SessionOptions } & FillBudgetOptions = {},
): Promise<TestFills> {
  const { session, directory = await testDirectory(), ...budget } = options
  const blobs = await createDiskBlobStore({ directory })
  const warehouse = new NotedWarehouse(blobs)
  const told: string[] = []
  const log = { info: () => {}, warn: (_: unknown, message: string) => void told.push(message) }
  const fills = new Fills({
    blobs,
    warehouse,
    log,
    session: new TransferSession({ maxRanges: 1, retryAttempts: 3, retryMinMs: 1, retryMaxMs: 5, stallMs: 500, ...session }),
    ...budget,
  })
  onTestFinished(async () => {
    await fills.close()
    await blobs.close()
  })
  return { fills, blobs, warehouse, told, directory }
}

export async function testDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "entrepot-fills-"))
  onTestFinished(() => rm(directory, { recursive: true, force: true }))
  return directory
}

/** Bytes of the blob, or of a range of it, through the fills. */
export async function pull(
  fills: Fills,
  request: FillRequest,
  range: { readonly from?: number; readonly to?: number } = {},
  signal = new AbortController().signal,
): Promise<Buffer> {
  const served = await fills.open(request, signal)
  return collect(await served.read({ from: range.from ?? 0, to: range.to ?? served.sizeBytes }, signal))
}

export async function collect(bytes: ByteStream): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** Whether these are the blob's bytes. */
export function isWhole(bytes: Buffer, blob: Descriptor): boolean {
  return digestOf(bytes) === blob.digest
}

/** A registry that has an image of one blob, closed with the test. */
export async function upstreamWith(seed: string, sizeBytes: number) {
  const { image, blob } = imageOf(seed, sizeBytes)
  return { registry: await mirrorOf(image), image, blob }
}

/** A registry that has this image, closed with the test. */
export async function mirrorOf(image: TestImage): Promise<TestRegistry> {
  const registry = await testRegistry({ images: { [`${repository}:1`]: image } })
  onTestFinished(() => registry.close())
  return registry
}

/** Offsets from which an upstream was asked for blob bytes, in order. */
export function askedFrom(registry: TestRegistry): number[] {
  return registry.matching("GET blob").map(({ headers }) => Number(/^bytes=(\d+)-/.exec(String(headers.range ?? ""))?.[1] ?? 0))
}

/** The partial blob that a fill grows in. */
export function partialName(blob: Descriptor): string {
  return `fill-${blob.digest.replace(":", "-")}`
}
