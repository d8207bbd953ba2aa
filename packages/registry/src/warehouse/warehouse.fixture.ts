import { randomBytes } from "node:crypto"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Descriptor, type Digest, digestOf, mediaTypes } from "@entrepot/core"
import type { Database } from "@entrepot/db"
import type { BlobStore } from "../blobs/blob-store.ts"
import { createDiskBlobStore } from "../blobs/disk-blob-store.ts"
import { RegistryError } from "../registry-error.ts"
import { freshDatabase } from "./fresh-database.fixture.ts"
import type { HostedRepository } from "./hosted-repository.ts"
import type { ServedBlob } from "./readable-repository.ts"
import { Warehouse, type WarehouseOptions } from "./warehouse.ts"

export interface TestWarehouse extends AsyncDisposable {
  readonly directory: string
  readonly warehouse: Warehouse
  readonly database: Database
  readonly blobs: BlobStore
  /** A project that is there. */
  readonly projectId: number
  /** Messages of warnings and errors. */
  readonly logged: string[]
  hosted(name: string): HostedRepository
  /** The same database and blobs, opened again as after a restart; this one is closed. */
  restart(options?: Partial<WarehouseOptions>): Promise<TestWarehouse>
}

/** A warehouse over a real SQLite file and a real directory. */
export async function testWarehouse(options: Partial<WarehouseOptions> = {}): Promise<TestWarehouse> {
  return await openIn(await mkdtemp(join(tmpdir(), "entrepot-warehouse-")), options)
}

/** As `testWarehouse`, in a directory that an earlier one may have used. */
export async function openIn(directory: string, options: Partial<WarehouseOptions> = {}): Promise<TestWarehouse> {
  const database = await freshDatabase(join(directory, "test.db"))
  const blobs = await createDiskBlobStore({ directory: join(directory, "blobs") })
  const projectId = await projectOf(database)
  const logged: string[] = []
  const note = (_fields: object, message: string) => void logged.push(message)
  const log = { info: () => undefined, warn: note, error: note }
  const warehouse = new Warehouse({ stores: { warehouse: database.warehouse }, blobs, log, ...options })
  let isOpen = true
  const close = async () => {
    if (!isOpen) return
    isOpen = false
    await warehouse.close()
    await blobs.close()
    await database.close()
  }
  return {
    directory,
    warehouse,
    database,
    blobs,
    projectId,
    logged,
    hosted: (name) => warehouse.hosted({ name, projectId }),
    async restart(others) {
      await close()
      return await openIn(directory, { ...options, ...others })
    },
    async [Symbol.asyncDispose]() {
      await close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function projectOf(database: Database): Promise<number> {
  const [known] = await database.warehouse.listRepositories({ limit: 1, registry: undefined })
  if (known?.projectId != null) return known.projectId
  const username = `owner-${randomBytes(4).toString("hex")}`
  const owner = await database.users.create({ name: username, role: "admin", passwordHash: "" }, Date.now())
  const project = { name: username, ownerId: owner.id, targetId: null, path: "" }
  return (await database.projects.create(project, Date.now())).id
}

/** A signal that nobody aborts. */
export const calm = new AbortController().signal

/** Bytes as they come off a socket. */
export async function* bodyOf(...chunks: readonly Uint8Array[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk)
}

/** A body that breaks off after these bytes. */
export async function* brokenBody(...chunks: readonly Uint8Array[]): AsyncGenerator<Buffer> {
  yield* bodyOf(...chunks)
  throw new Error("the client went away")
}

/** Pushes a blob in one request, and returns its descriptor. */
export async function pushBlob(
  repository: HostedRepository,
  bytes: Uint8Array = randomBytes(1000),
  mediaType: string = mediaTypes.ociLayerGzip,
  algorithm: "sha256" | "sha512" = "sha256",
): Promise<Descriptor> {
  const digest = digestOf(bytes, algorithm)
  const { id } = await repository.beginUpload({ algorithm })
  await repository.finishUpload(id, digest, undefined, bodyOf(bytes), calm)
  return { mediaType, digest, size: bytes.length }
}

export interface PushedImage {
  readonly digest: Digest
  readonly bytes: Buffer
  readonly config: Descriptor
  readonly layers: readonly Descriptor[]
}

/** The bytes of an image manifest. */
export function imageOf(config: Descriptor, layers: readonly Descriptor[], more: object = {}): Buffer {
  return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociManifest, config, layers, ...more }))
}

/** The bytes of an index. */
export function indexOf(manifests: readonly Descriptor[], more: object = {}): Buffer {
  return Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: mediaTypes.ociIndex, manifests, ...more }))
}

/** Pushes a small image that nobody has seen before. */
export async function pushImage(repository: HostedRepository, reference?: string): Promise<PushedImage> {
  const config = await pushBlob(repository, randomBytes(200), mediaTypes.ociConfig)
  const layers = [await pushBlob(repository), await pushBlob(repository)]
  const bytes = imageOf(config, layers)
  const { digest } = await repository.putManifest(reference ?? digestOf(bytes), mediaTypes.ociManifest, bytes)
  return { digest, bytes, config, layers }
}

/** A descriptor of an image or index that stands in an index. */
export function childOf(digest: Digest, bytes: Buffer, mediaType: string = mediaTypes.ociManifest): Descriptor {
  return { mediaType, digest, size: bytes.length }
}

/** All bytes of a blob. */
export async function bytesOf(blob: ServedBlob | undefined): Promise<Buffer | undefined> {
  if (blob === undefined) return undefined
  const chunks: Buffer[] = []
  for await (const chunk of await blob.read({ from: 0, to: blob.sizeBytes }, calm)) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}

/** What a call was refused with: `MANIFEST_INVALID: …`, and the status where it is not the code's own. */
export async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call
  } catch (error) {
    if (error instanceof RegistryError) return `${error.status} ${error.code}: ${error.message}`
    throw error
  }
  return "not refused"
}
