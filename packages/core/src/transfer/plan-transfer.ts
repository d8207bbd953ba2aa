import type { Descriptor } from "../content/descriptor.ts"
import { type Digest, digestOf } from "../content/digest.ts"
import {
  type ImageManifest,
  type IndexManifest,
  manifestLimits,
  type ParsedManifest,
  parseManifest,
  subsetIndex,
} from "../content/manifest.ts"
import { isIndexType, isManifestType, isNonDistributable } from "../content/media-types.ts"
import { formatPlatform, matchesPlatform, type Platform } from "../content/platform.ts"
import type { RawManifest, SourceStore, TargetStore } from "../content/store.ts"
import { isTransferError, TransferError } from "../errors/transfer-error.ts"
import { findReferrers } from "./find-referrers.ts"
import { mapConcurrent } from "./map-concurrent.ts"
import type { PlannedBlob, PlannedManifest, TransferPlan } from "./plan.ts"

export interface PlanOptions {
  readonly from: SourceStore
  readonly to: TargetStore
  /** As a person would write both ends. */
  readonly sourceName: string
  readonly targetName: string
  /** Tag or digest at the source. */
  readonly sourceReference: string
  /** Tag or digest at the target. */
  readonly targetReference: string
  readonly platforms?: readonly Platform[] | undefined
  readonly referrers?: boolean | undefined
  readonly nonDistributable?: boolean | undefined
  /** Plan everything, even where the target already has exactly this. */
  readonly force?: boolean | undefined
  /** It is known that the target has no such tag: neither end is asked by HEAD. */
  readonly targetIsEmpty?: boolean | undefined
  readonly signal?: AbortSignal | undefined
}

/** A manifest with everything below it. */
interface Tree {
  readonly raw: RawManifest
  readonly parsed: ParsedManifest
  readonly children: readonly Tree[]
}

/**
 * Finds out what a transfer would do. HEAD at both ends first: an unchanged image costs two requests, and HEAD is free on Docker Hub.
 * @throws TransferError `not_found` when the source has no such image; `usage` when no platform of an index is wanted.
 */
export async function planTransfer(options: PlanOptions): Promise<TransferPlan> {
  const { from, to, signal } = options
  const wholeCopy = options.platforms === undefined && options.referrers !== true
  const [sourceRoot, targetRoot] = await Promise.all([
    options.targetIsEmpty ? undefined : onSide("source", from.host, from.resolve(options.sourceReference, signal)),
    options.targetIsEmpty ? undefined : onSide("target", to.host, to.resolve(options.targetReference, signal)),
  ])
  if (sourceRoot === undefined && !options.targetIsEmpty) throw missing(options)
  if (sourceRoot !== undefined && wholeCopy && !options.force && sourceRoot.digest === targetRoot?.digest)
    return unchanged(options, sourceRoot)

  const reader = new TreeReader(from, options.platforms, signal)
  const whole = await onSide(
    "source",
    from.host,
    rootOf(options, sourceRoot).then((root) => reader.read(root)),
  )
  const tree = options.platforms === undefined ? whole : selectPlatforms(whole, options.platforms)
  if (options.referrers !== true && !options.force && tree.raw.descriptor.digest === targetRoot?.digest) {
    return { ...unchanged(options, tree.raw.descriptor), digestChanges: tree !== whole, platforms: platformsOf(tree) }
  }
  const attached =
    options.referrers === true ? await onSide("source", from.host, findReferrers(from, digestsOf(tree), signal)) : []
  const below = postOrder(tree).slice(0, -1)
  const manifests: PlannedManifest[] = [
    ...below.map(({ raw }) => ({ manifest: raw, reference: raw.descriptor.digest })),
    ...attached,
    { manifest: tree.raw, reference: options.targetReference },
  ]
  return {
    source: options.sourceName,
    target: options.targetName,
    root: tree.raw.descriptor,
    unchanged: false,
    digestChanges: tree !== whole,
    platforms: platformsOf(tree),
    manifests,
    blobs: plannedBlobs(manifests, options.nonDistributable === true),
  }
}

function unchanged(options: PlanOptions, root: Descriptor): TransferPlan {
  return {
    source: options.sourceName,
    target: options.targetName,
    root,
    unchanged: true,
    digestChanges: false,
    platforms: [],
    manifests: [],
    blobs: [],
  }
}

function missing({ from, sourceName }: PlanOptions): TransferError {
  return new TransferError("not_found", `there is no ${sourceName}`, {
    side: "source",
    host: from.host,
    hint: "check the spelling, or list the tags that are there",
  })
}

async function onSide<T>(side: "source" | "target", host: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw isTransferError(error) ? error.with({ side, host }) : error
  }
}

/** By digest, so that both requests speak of the same image; a tag that moved in between is resolved once more (fault 15). */
async function rootOf(options: PlanOptions, root: Descriptor | undefined): Promise<RawManifest> {
  const { from, sourceReference, signal } = options
  try {
    return await from.getManifest(root?.digest ?? sourceReference, signal)
  } catch (error) {
    if (root === undefined || !isTransferError(error, "not_found")) throw error
    return await from.getManifest(sourceReference, signal)
  }
}

/** Manifests that one image may consist of, whatever its indexes name. */
const mostManifests = 2000

/** Reads a manifest and everything below it, each digest once however often it is named. */
class TreeReader {
  readonly #from: SourceStore
  readonly #platforms: readonly Platform[] | undefined
  readonly #signal: AbortSignal | undefined
  readonly #read = new Map<Digest, Promise<Tree>>()

  constructor(from: SourceStore, platforms: readonly Platform[] | undefined, signal: AbortSignal | undefined) {
    this.#from = from
    this.#platforms = platforms
    this.#signal = signal
  }

  /** @throws TransferError `protocol` for an index nested too deep, `too_large` for one that leads to too many manifests. */
  async read(raw: RawManifest, depth = 1): Promise<Tree> {
    const parsed = parseManifest(raw)
    if (parsed.kind === "image") return { raw, parsed, children: [] }
    if (depth > manifestLimits.depth) {
      throw new TransferError("protocol", `index ${raw.descriptor.digest} is nested deeper than ${manifestLimits.depth}`)
    }
    const named = this.#platforms === undefined ? parsed.children : wantedChildren(parsed, this.#platforms)
    const manifests = named.filter(({ mediaType }) => isManifestType(mediaType))
    const wanted = [...new Map(manifests.map((child) => [child.digest, child])).values()]
    return { raw, parsed, children: await mapConcurrent(wanted, 8, (child) => this.#child(child, depth + 1)) }
  }

  #child(child: Descriptor, depth: number): Promise<Tree> {
    let reading = this.#read.get(child.digest)
    if (reading === undefined) {
      if (this.#read.size >= mostManifests)
        throw new TransferError("too_large", `the image has more than ${mostManifests} manifests`)
      reading = this.#fetch(child, depth)
      this.#read.set(child.digest, reading)
    }
    return reading
  }

  async #fetch(child: Descriptor, depth: number): Promise<Tree> {
    const { bytes } = await this.#from.getManifest(child.digest, this.#signal)
    if (bytes.length !== child.size) {
      throw new TransferError("protocol", `manifest ${child.digest} has ${bytes.length} bytes, its index says ${child.size}`)
    }
    return this.read({ bytes, descriptor: { ...child, size: bytes.length } }, depth)
  }
}

const attestedDigest = "vnd.docker.reference.digest"

/** Children of the wanted platforms, nested indexes, and the attestations of those children. */
function wantedChildren(index: IndexManifest, platforms: readonly Platform[]): Descriptor[] {
  const images = index.children.filter((child) => {
    const { platform } = child
    return isIndexType(child.mediaType) || (platform !== undefined && platforms.some((wish) => matchesPlatform(wish, platform)))
  })
  const chosen = new Set(images.map(({ digest }) => digest))
  return index.children.filter((child) => chosen.has(child.digest) || chosen.has(child.annotations?.[attestedDigest] ?? ""))
}

/** One image becomes the root itself, several become a smaller index. */
function selectPlatforms(tree: Tree, platforms: readonly Platform[]): Tree {
  if (tree.parsed.kind === "image") return tree
  const images = tree.children.filter(({ raw }) => raw.descriptor.annotations?.[attestedDigest] === undefined)
  const [only] = images
  if (only === undefined) {
    throw new TransferError("usage", `the image has no platform ${platforms.map(formatPlatform).join(", ")}`, {
      side: "source",
      hint: `it has ${platformNames(tree.parsed.children).join(", ") || "none that is named"}`,
    })
  }
  if (images.length === 1) return selectPlatforms(only, platforms)
  if (tree.children.length === tree.parsed.children.length) return tree
  const bytes = subsetIndex(tree.raw, new Set(tree.children.map(({ raw }) => raw.descriptor.digest)))
  const descriptor = { mediaType: tree.raw.descriptor.mediaType, digest: digestOf(bytes), size: bytes.length }
  return { raw: { bytes, descriptor }, parsed: parseManifest({ bytes, descriptor }), children: tree.children }
}

function platformNames(descriptors: readonly Descriptor[]): string[] {
  const named = descriptors.flatMap(({ platform }) =>
    platform === undefined || platform.os === "unknown" ? [] : [formatPlatform(platform)],
  )
  return [...new Set(named)]
}

function platformsOf(tree: Tree): string[] {
  return platformNames(postOrder(tree).map(({ raw }) => raw.descriptor))
}

function postOrder(tree: Tree): Tree[] {
  const seen = new Map<Digest, Tree>()
  const visit = (node: Tree): void => {
    if (seen.has(node.raw.descriptor.digest)) return
    for (const child of node.children) visit(child)
    seen.set(node.raw.descriptor.digest, node)
  }
  visit(tree)
  return [...seen.values()]
}

function digestsOf(tree: Tree): Digest[] {
  return postOrder(tree).map(({ raw }) => raw.descriptor.digest)
}

function plannedBlobs(manifests: readonly PlannedManifest[], nonDistributable: boolean): PlannedBlob[] {
  const blobs = new Map<Digest, PlannedBlob>()
  const images = manifests
    .map(({ manifest }) => parseManifest(manifest))
    .filter((parsed): parsed is ImageManifest => parsed.kind === "image")
  for (const descriptor of images.flatMap((image) => image.blobs)) {
    const skip = !nonDistributable && isNonDistributable(descriptor.mediaType)
    blobs.set(descriptor.digest, skip ? { descriptor, skip: "non-distributable" } : { descriptor })
  }
  return [...blobs.values()]
}
