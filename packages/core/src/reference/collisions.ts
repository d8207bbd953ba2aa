import { TransferError } from "../errors/transfer-error.ts"
import { formatCanonical, formatFamiliar } from "./format.ts"
import type { Reference } from "./reference.ts"

export interface NamedPair {
  readonly source: Reference
  readonly target: Reference
}

/** Different sources of one batch that would become one target. */
export interface Collision {
  readonly target: Reference
  /** In the order of the batch, at least two. */
  readonly sources: readonly Reference[]
}

/** Every target that more than one source of the batch would become. The same source named twice is no collision. */
export function findCollisions(pairs: Iterable<NamedPair>): Collision[] {
  const targets = new Map<string, { target: Reference; sources: Map<string, Reference> }>()
  for (const { source, target } of pairs) {
    const key = formatCanonical(target)
    const entry = targets.get(key) ?? { target, sources: new Map<string, Reference>() }
    targets.set(key, entry)
    const name = formatCanonical(source)
    if (!entry.sources.has(name)) entry.sources.set(name, source)
  }
  return [...targets.values()]
    .filter((entry) => entry.sources.size > 1)
    .map((entry) => ({ target: entry.target, sources: [...entry.sources.values()] }))
}

/**
 * Lets a batch pass only if every source has a target of its own. Call before anything moves.
 * @throws TransferError `naming_collision`, naming the sources and the target of the first collision.
 */
export function refuseCollisions(pairs: Iterable<NamedPair>): void {
  const [first, ...more] = findCollisions(pairs)
  if (first === undefined) return
  const sources = first.sources.map(formatFamiliar)
  const named = `${sources.slice(0, -1).join(", ")} and ${sources.at(-1)}`
  const others = more.length === 0 ? "" : ` (and ${more.length} more such ${more.length === 1 ? "target" : "targets"})`
  throw new TransferError(
    "naming_collision",
    `${named} would ${sources.length === 2 ? "both" : "all"} become ${formatFamiliar(first.target)}${others}`,
    {
      hint: "choose another naming rule, or name one of them yourself",
    },
  )
}
