import type { BatchRequest } from "@entrepot/client"
import type { Locale } from "@entrepot/core/locale"
import {
  findCollisions,
  formatCanonical,
  formatFamiliar,
  parseReference,
  parseTargetImage,
  type Reference,
} from "@entrepot/core/reference"
import { type NameProblem, problemOf, readName } from "../mirror/name-problem.ts"
import { type NamedPlace, proposeName } from "../mirror/target-name.ts"
import type { ReadImage } from "./read-images.ts"

/** One image of a batch as it will be asked for. */
export interface BatchRow {
  /** The image as it stands in the text: the same text is the same row. */
  readonly text: string
  /** Lines, from 1. */
  readonly lines: readonly number[]
  readonly where: readonly string[]
  /** Familiar form; undefined where the text names no image. */
  readonly source: string | undefined
  /** Its name there; undefined where only the server knows the target. */
  readonly target: string | undefined
  /** The name that the list itself gives. */
  readonly ownTarget: string | undefined
  readonly problem: NameProblem | undefined
  /** Other images of the batch that would become the same target. */
  readonly collidesWith: readonly string[]
}

/** The rows of a batch, but for those that were taken out. */
export function batchRows(
  images: readonly ReadImage[],
  removed: ReadonlySet<string>,
  place: NamedPlace | undefined,
  locale: Locale,
): readonly BatchRow[] {
  const rows = images.filter(({ text }) => !removed.has(text)).map((image) => rowOf(image, place, locale))
  const collisions = collisionsOf(rows)
  return rows.map((row) => {
    const others = collisions.get(row.target ?? "")?.filter((source) => source !== row.source)
    return others === undefined ? row : { ...row, collidesWith: others }
  })
}

function rowOf(image: ReadImage, place: NamedPlace | undefined, locale: Locale): BatchRow {
  const { text, lines, where, reference, target: ownTarget } = image
  const bare = { text, lines, where, ownTarget, collidesWith: [] }
  if (reference === undefined) {
    const problem = image.problem === undefined ? undefined : problemOf(image.problem, locale)
    return { ...bare, source: undefined, target: undefined, problem }
  }
  const source = formatFamiliar(reference)
  const named = readName(() => nameOf(reference, ownTarget, place), locale)
  return "value" in named
    ? { ...bare, source, target: named.value, problem: undefined }
    : { ...bare, source, target: undefined, problem: named.problem }
}

function nameOf(reference: Reference, ownTarget: string | undefined, place: NamedPlace | undefined): string | undefined {
  if (ownTarget !== undefined) return formatFamiliar(parseTargetImage(ownTarget, place))
  return place === undefined ? undefined : proposeName(reference, place)
}

/** By the target's name, the sources that would become it. */
function collisionsOf(rows: readonly BatchRow[]): Map<string, readonly string[]> {
  const pairs = rows.flatMap(({ source, target }) =>
    source === undefined || target === undefined ? [] : [{ source: parseReference(source), target: parseReference(target) }],
  )
  return new Map(findCollisions(pairs).map(({ target, sources }) => [formatFamiliar(target), sources.map(formatFamiliar)]))
}

/** Whether every row can be asked for. */
export function isReady(rows: readonly BatchRow[]): boolean {
  return (
    rows.length > 0 &&
    rows.length <= longestBatch &&
    rows.every((row) => row.problem === undefined && row.collidesWith.length === 0)
  )
}

/** As many images as the server takes at once. */
export const longestBatch = 1_000

/** The images of a request: with their own target where the list gives one. */
export function requestedImages(rows: readonly BatchRow[]): BatchRequest["images"] {
  return rows.flatMap(({ source, ownTarget }) => {
    if (source === undefined) return []
    const image = formatCanonical(parseReference(source))
    return [ownTarget === undefined ? image : { image, targetImage: ownTarget }]
  })
}
