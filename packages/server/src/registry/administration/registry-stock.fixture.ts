import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Digest } from "@entrepot/core"
import type { Database, Role } from "@entrepot/db/stores"
import { type BlobStore, createDiskBlobStore, type HostedRepository, Warehouse } from "@entrepot/registry"
import type { TestImage } from "@entrepot/testing"
import { openTestStores } from "../../accounts/accounts.fixture.ts"
import type { Actor } from "../../accounts/actor.ts"
import { CareRuns } from "../care/care-runs.ts"
import { createRegistryService } from "./create-registry-service.ts"
import type { RegistryService } from "./registry-service.ts"

/** What is stored in a registry, with everything that looks after it, over a real database and real files. */
export interface RegistryStock extends AsyncDisposable {
  readonly stores: Database
  readonly warehouse: Warehouse
  readonly blobs: BlobStore
  /** Where the blobs are. */
  readonly directory: string
  readonly care: CareRuns
  readonly service: RegistryService
  readonly projectId: number
  person(name: string, role: Role): Actor
  /** The application of another process over the same database and files. */
  another(holder: string): RegistryService
  /** Stores what the image is made of in a repository of the project `team`, and points a tag at it. */
  push(name: string, tag: string | undefined, image: TestImage): Promise<void>
  /** As if it had been read through an upstream: its manifest, and those of its blobs that `isRead` says. */
  readThrough(name: string, tag: string, image: TestImage, isRead?: (digest: string) => boolean): Promise<void>
  logged(): string
}

const never = new AbortController().signal

/** @param graceMs how long what no manifest names is left alone */
export async function registryStock(
  options: { readonly quotaBytes?: number; readonly graceMs?: number } = {},
): Promise<RegistryStock> {
  const { stores, log, logged, ...base } = await openTestStores()
  const directory = await mkdtemp(join(tmpdir(), "entrepot-stock-"))
  const blobs = await createDiskBlobStore({ directory })
  const care = new CareRuns({ stores, holder: "stock", log, now: Date.now })
  const warehouse = new Warehouse({ stores, blobs, log, observer: care, ...options })
  const owner = await stores.users.create({ name: "owner", role: "admin", passwordHash: null }, 1)
  const project = await stores.projects.create(
    { name: "team", ownerId: owner.id, targetId: null, path: "team", isPublic: false },
    1,
  )
  const serviceOf = (runs: CareRuns) =>
    createRegistryService({
      ...{ stores, warehouse, blobs, blobDirectory: directory, care: runs, log, now: Date.now },
      quotaBytes: options.quotaBytes,
      place: () => {
        throw new Error("nobody asks where it is")
      },
    })
  const hosted = (name: string) => warehouse.hosted({ name, projectId: project.id })
  return {
    ...{ stores, warehouse, blobs, directory, care, logged, projectId: project.id },
    service: serviceOf(care),
    another: (holder) => serviceOf(new CareRuns({ stores, holder, log, now: Date.now })),
    person: (name, role) => ({
      ...{ userId: role === "admin" ? owner.id : 99, name, role, via: "session", mustChange: false },
      ...{ credentialId: name, address: "192.0.2.1" },
    }),
    push: (name, tag, image) => pushInto(hosted(name), tag, image),
    async readThrough(name, tag, image, isRead = () => true) {
      const { id } = await warehouse.proxiedRepository(name, "docker.io")
      await stores.warehouse.setShared(id, true)
      for (const [digest, content] of image.blobs) {
        if (!isRead(digest)) continue
        const partial = await blobs.openPartial(`fill-${digest.replace(":", "-")}`)
        await partial.append([...content.read()])
        await warehouse.commitBlob(id, partial, digest as Digest)
        await partial.close()
      }
      for (const each of [...image.children, image]) {
        await stores.warehouse.putManifest({ repositoryId: id, ...recordOf(each), complete: false }, Date.now())
      }
      await stores.warehouse.setTag(id, tag, image.descriptor.digest as Digest, Date.now())
    },
    async [Symbol.asyncDispose]() {
      await care.close()
      await warehouse.close()
      await blobs.close()
      await base[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

async function pushInto(repository: HostedRepository, tag: string | undefined, image: TestImage): Promise<void> {
  for (const [digest, content] of image.blobs) {
    const { id } = await repository.beginUpload()
    await repository.finishUpload(id, digest as Digest, undefined, bytesOf(content.read()), never)
  }
  for (const each of [...image.children, image]) {
    const reference = each === image && tag !== undefined ? tag : each.descriptor.digest
    await repository.putManifest(reference, each.descriptor.mediaType, each.manifest)
  }
}

async function* bytesOf(pieces: Iterable<Buffer>): AsyncGenerator<Buffer> {
  yield* pieces
}

/** What the manifest's row says, as far as these tests ask. */
function recordOf({ manifest, descriptor }: TestImage) {
  const { config, layers = [], manifests = [] } = JSON.parse(manifest.toString())
  const digest = descriptor.digest as Digest
  const named = [
    ...[...(config === undefined ? [] : [config]), ...layers].map((each) => ({ ...each, kind: "blob" as const })),
    ...manifests.map((each: object) => ({ ...each, kind: "manifest" as const })),
  ]
  return {
    bytes: manifest,
    manifest: {
      ...{ digest, mediaType: descriptor.mediaType, sizeBytes: manifest.length },
      ...{ artifactType: null, subject: null, annotations: null },
    },
    references: named.map(({ digest, kind, size }) => ({ digest, kind, sizeBytes: size })),
  }
}
