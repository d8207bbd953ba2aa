import { lstat, mkdir, readdir, readFile, stat, unlink } from "node:fs/promises"
import { dirname, join } from "node:path"
import { digestOf, isDigest, splitDigest } from "../../content/digest.ts"
import { manifestLimits, type ParsedManifest, parseManifest } from "../../content/manifest.ts"
import type { RawManifest } from "../../content/store.ts"
import { TransferError } from "../../errors/transfer-error.ts"
import { describeManifest } from "../files/describe-manifest.ts"
import { localIoError, systemCode } from "../files/local-io-error.ts"
import { writeFileAtomically } from "../files/write-file-atomically.ts"
import { cachePartialDirectory } from "./cache-index.ts"
import { checkCacheReference, checkCacheRepository } from "./cache-name.ts"

/** A manifest's place, relative to the cache directory. @throws TransferError `usage` for names that are none. */
export function cacheManifestPath(repository: string, reference: string): string {
  return join("manifests", checkCacheRepository(repository), checkCacheReference(reference))
}

/**
 * Reads a manifest's file. Its media type is not recorded in the cache's tree: it is what the JSON says. Undefined where there is none.
 * @throws TransferError `digest_mismatch` for a file under a digest that it does not hash to, `archive_invalid` for a file that is no manifest.
 */
export async function readCacheManifest(
  directory: string,
  repository: string,
  reference: string,
): Promise<{ readonly raw: RawManifest; readonly modifiedMs: number } | undefined> {
  const path = join(directory, cacheManifestPath(repository, reference))
  try {
    const found = await lstat(path)
    if (!found.isFile()) return undefined
    if (found.size > manifestLimits.bytes) {
      throw new TransferError("too_large", `${path} has ${found.size} bytes, more than a manifest may have`, { host: directory })
    }
    const bytes = await readFile(path)
    const digest = digestOf(bytes, isDigest(reference) ? splitDigest(reference).algorithm : "sha256")
    if (isDigest(reference) && digest !== reference) {
      throw new TransferError("digest_mismatch", `${path} hashes to ${digest}`, {
        host: directory,
        hint: "the file is damaged: fetch the image again",
      })
    }
    const described = describeManifest(bytes)
    if (described === undefined) {
      throw new TransferError("archive_invalid", `${path} is not a manifest`, {
        host: directory,
        hint: "the file is damaged: fetch the image again",
      })
    }
    return { raw: { descriptor: { ...described, digest }, bytes }, modifiedMs: found.mtimeMs }
  } catch (error) {
    if (systemCode(error) === "ENOENT" || systemCode(error) === "ENOTDIR") return undefined
    throw localIoError(error, path)
  }
}

/** @throws TransferError `unsupported` where the tree has a repository and a tag of the same name. */
export async function writeCacheManifest(directory: string, repository: string, reference: string, bytes: Buffer): Promise<void> {
  const path = join(directory, cacheManifestPath(repository, reference))
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFileAtomically(path, bytes, { temporaryDirectory: cachePartialDirectory(directory) })
  } catch (error) {
    const cause = error instanceof TransferError ? error.cause : error
    if (!["EEXIST", "ENOTDIR", "EISDIR"].includes(systemCode(cause) ?? "")) throw localIoError(error, path)
    throw new TransferError(
      "unsupported",
      `the cache cannot hold ${repository}:${reference}: a repository and a tag share a path`,
      {
        host: directory,
        hint: "use another --cache-dir for this image",
        cause,
      },
    )
  }
}

/** Removes a manifest's file, if there is one. Returns its bytes. */
export async function deleteCacheManifest(directory: string, repository: string, reference: string): Promise<number> {
  const path = join(directory, cacheManifestPath(repository, reference))
  try {
    const { size } = await stat(path)
    await unlink(path)
    return size
  } catch (error) {
    if (systemCode(error) === "ENOENT" || systemCode(error) === "ENOTDIR") return 0
    throw localIoError(error, path)
  }
}

/** Every manifest file of the cache by repository and reference. Files that are named like neither tag nor digest are passed over. */
export async function* listCacheManifests(
  directory: string,
  repository = "",
): AsyncGenerator<{ readonly repository: string; readonly reference: string }> {
  const folder = join(directory, "manifests", repository)
  const children = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (systemCode(error) === "ENOENT") return []
    throw localIoError(error, folder)
  })
  for (const child of children) {
    if (child.isDirectory()) yield* listCacheManifests(directory, repository === "" ? child.name : `${repository}/${child.name}`)
    else if (child.isFile() && isNamed(repository, child.name)) yield { repository, reference: child.name }
  }
}

function isNamed(repository: string, reference: string): boolean {
  try {
    cacheManifestPath(repository, reference)
    return true
  } catch {
    return false
  }
}

/**
 * A manifest and, for an index, those of its children that the cache has, depth first, each once.
 * @throws TransferError as `parseManifest`.
 */
export async function collectCacheManifests(
  directory: string,
  repository: string,
  root: RawManifest,
): Promise<{ readonly raw: RawManifest; readonly parsed: ParsedManifest }[]> {
  const found = new Map<string, { raw: RawManifest; parsed: ParsedManifest }>()
  const visit = async (raw: RawManifest, depth: number): Promise<void> => {
    if (found.has(raw.descriptor.digest)) return
    if (depth > manifestLimits.depth) {
      throw new TransferError("protocol", `${root.descriptor.digest} nests indexes deeper than ${manifestLimits.depth}`)
    }
    const parsed = parseManifest(raw)
    found.set(raw.descriptor.digest, { raw, parsed })
    if (parsed.kind === "image") return
    for (const child of parsed.children) {
      const read = await readCacheManifest(directory, repository, child.digest)
      if (read !== undefined)
        await visit({ ...read.raw, descriptor: { ...read.raw.descriptor, mediaType: child.mediaType } }, depth + 1)
    }
  }
  await visit(root, 0)
  return [...found.values()]
}
