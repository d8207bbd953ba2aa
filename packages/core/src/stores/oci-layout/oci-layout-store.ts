import { lstat, mkdir, readFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import type { Descriptor } from "../../content/descriptor.ts"
import { type Digest, isDigest } from "../../content/digest.ts"
import { parseManifest } from "../../content/manifest.ts"
import type {
  BlobBody,
  BlobRead,
  CanDelete,
  CanRange,
  HasReferrers,
  HasTags,
  PutOptions,
  RawManifest,
  ReadRange,
  SourceStore,
  TargetStore,
} from "../../content/store.ts"
import { TransferError } from "../../errors/transfer-error.ts"
import { BlobDirectory } from "../files/blob-directory.ts"
import { describeReferrer } from "../files/describe-referrer.ts"
import { withFileLock } from "../files/file-lock.ts"
import { localIoError, systemCode } from "../files/local-io-error.ts"
import { SerialQueue } from "../files/serial-queue.ts"
import { verifyManifest } from "../files/verify-manifest.ts"
import { writeFileAtomically } from "../files/write-file-atomically.ts"
import { addLayoutEntry, emptyLayoutIndex, formatLayoutIndex, type LayoutEntry, type LayoutIndex } from "./layout-index.ts"
import { indexLimitBytes, LayoutReader } from "./layout-reader.ts"

/** How a layout is opened. */
export interface OciLayoutOptions {
  /** Makes the directory and its two files where they are missing. Default false: a directory that is no layout is refused. */
  readonly create?: boolean
  /** False leaves out fsync, for layouts that are only staged. Default true. */
  readonly durable?: boolean
}

/** Content of the file that says a directory is a layout. */
export const layoutFile = Buffer.from('{"imageLayoutVersion":"1.0.0"}')

/**
 * An OCI image layout in a directory (image-spec, image-layout.md). `index.json` names tagged manifests, manifests with a subject, and on `finish`
 * what was put by digest and no other manifest names; children are read from the blobs. Safe with several processes at once.
 */
export class OciLayoutStore implements SourceStore, TargetStore, CanRange, HasTags, HasReferrers, CanDelete {
  readonly transport = "oci"
  readonly host: string
  readonly display: string
  readonly canRange = true
  readonly #root: string
  readonly #blobs: BlobDirectory
  readonly #reader: LayoutReader
  readonly #partials: string
  readonly #durable: boolean
  readonly #writes = new SerialQueue()
  readonly #untagged = new Map<Digest, Descriptor>()
  readonly #named = new Set<Digest>()

  constructor(root: string, options: OciLayoutOptions = {}) {
    this.#root = root
    this.#durable = options.durable ?? true
    this.#partials = join(root, ".partial")
    this.#blobs = new BlobDirectory(root, { partialDirectory: this.#partials, durable: this.#durable })
    const files = {
      readFile: (name: string, limit: number) => this.#readSmallFile(name, limit),
      readBlob: (digest: Digest, limit: number) => this.#blobs.read(digest, limit),
      blobSize: (digest: Digest) => this.#blobs.size(digest),
    }
    this.#reader = new LayoutReader(files, root)
    this.host = root
    this.display = `oci:${root}`
  }

  openBlob(blob: Descriptor, range?: ReadRange, signal?: AbortSignal): Promise<BlobRead> {
    return this.#blobs.open(blob, range, signal)
  }

  hasBlob(blob: Descriptor): Promise<boolean> {
    return this.#blobs.has(blob)
  }

  putBlob(blob: Descriptor, body: BlobBody, options?: PutOptions): Promise<void> {
    return this.#blobs.put(blob, body, options)
  }

  resolve(tagOrDigest: string): Promise<Descriptor | undefined> {
    return this.#reader.resolve(tagOrDigest)
  }

  getManifest(tagOrDigest: string): Promise<RawManifest> {
    return this.#reader.getManifest(tagOrDigest)
  }

  async putManifest(tagOrDigest: string, manifest: RawManifest, signal?: AbortSignal): Promise<void> {
    verifyManifest(tagOrDigest, manifest)
    const parsed = parseManifest(manifest)
    const { mediaType, digest, size } = manifest.descriptor
    await this.#blobs.write(digest, manifest.bytes)
    if (parsed.kind === "index") for (const child of parsed.children) this.#named.add(child.digest)
    const tag = isDigest(tagOrDigest) ? undefined : tagOrDigest
    if (tag === undefined && parsed.subject === undefined) {
      this.#untagged.set(digest, { mediaType, digest, size })
      return
    }
    const entry = parsed.subject ? describeReferrer(manifest.descriptor, parsed) : { mediaType, digest, size }
    await this.#update((index) => addLayoutEntry(index, entry, tag), signal)
  }

  listTags(): Promise<readonly string[]> {
    return this.#reader.listTags()
  }

  listReferrers(subject: Digest, artifactType?: string): Promise<readonly Descriptor[]> {
    return this.#reader.listReferrers(subject, artifactType)
  }

  /** Removes a tag, or a manifest with all its tags. Its blobs stay. */
  async deleteManifest(tagOrDigest: string, signal?: AbortSignal): Promise<void> {
    await this.#reader.getManifest(tagOrDigest)
    const keeps = (entry: { tag: string | undefined; descriptor: Descriptor }) =>
      isDigest(tagOrDigest) ? entry.descriptor.digest !== tagOrDigest : entry.tag !== tagOrDigest
    await this.#update((index) => ({ ...index, entries: index.entries.filter(keeps) }), signal)
    if (isDigest(tagOrDigest)) {
      this.#untagged.delete(tagOrDigest)
      await this.#blobs.delete(tagOrDigest)
    }
  }

  listEntries(): Promise<readonly LayoutEntry[]> {
    return this.#reader.listEntries()
  }

  readIndex(): Promise<LayoutIndex> {
    return this.#reader.readIndex()
  }

  /** Names in `index.json` what was put by digest and belongs to no other manifest. */
  async finish(signal?: AbortSignal): Promise<void> {
    const roots = [...this.#untagged.values()].filter(({ digest }) => !this.#named.has(digest))
    this.#untagged.clear()
    if (roots.length === 0) return
    await this.#update((index) => roots.reduce((all, root) => addLayoutEntry(all, root, undefined), index), signal)
  }

  async close(): Promise<void> {
    await this.#blobs.sweep()
  }

  /** @throws TransferError `not_found`, `archive_invalid`. */
  async open(create: boolean): Promise<void> {
    if (create) await this.#create()
    await this.#reader.checkVersion()
  }

  async #create(): Promise<void> {
    try {
      await mkdir(join(this.#root, "blobs", "sha256"), { recursive: true })
      await withFileLock(this.#root, "index.json", async () => {
        // Each file once: another process may have been first.
        for (const [name, bytes] of [
          ["index.json", formatLayoutIndex(emptyLayoutIndex)],
          ["oci-layout", layoutFile],
        ] as const) {
          if ((await this.#readSmallFile(name, indexLimitBytes)) === undefined) await this.#write(join(this.#root, name), bytes)
        }
      })
    } catch (error) {
      throw localIoError(error, this.#root)
    }
  }

  #write(path: string, bytes: Buffer): Promise<void> {
    return writeFileAtomically(path, bytes, { temporaryDirectory: this.#partials, durable: this.#durable })
  }

  #update(change: (index: LayoutIndex) => LayoutIndex, signal: AbortSignal | undefined): Promise<void> {
    return this.#writes.run(() =>
      withFileLock(
        this.#root,
        "index.json",
        async () => {
          const before = await this.#reader.readIndex()
          const after = change(before)
          if (after !== before) await this.#write(join(this.#root, "index.json"), formatLayoutIndex(after))
        },
        { signal },
      ),
    )
  }

  async #readSmallFile(name: string, limit: number): Promise<Buffer | undefined> {
    const path = join(this.#root, name)
    try {
      const found = await lstat(path)
      if (!found.isFile()) throw new TransferError("archive_invalid", `${path} is not a file`, { host: this.#root })
      const { size } = found
      if (size > limit)
        throw new TransferError("too_large", `${path} has ${size} bytes, more than ${limit}`, { host: this.#root })
      return await readFile(path)
    } catch (error) {
      if (systemCode(error) === "ENOENT") return undefined
      throw localIoError(error, path)
    }
  }
}

/** @throws TransferError `not_found` for a directory that is no layout, unless `create` makes it one. */
export async function openOciLayout(directory: string, options: OciLayoutOptions = {}): Promise<OciLayoutStore> {
  const store = new OciLayoutStore(directory, options)
  if (options.create) await mkdir(dirname(directory), { recursive: true }).catch(() => undefined)
  await store.open(options.create ?? false)
  return store
}
