import { isTransferError, TransferError } from "../errors/transfer-error.ts"
import { formatCanonical } from "../reference/format.ts"
import { parseReference, type Reference } from "../reference/reference.ts"
import type { FoundImage } from "./found-images.ts"

/** An image as a reader comes upon it. */
export interface Sighting {
  /** As it stands there. */
  readonly text: string
  readonly line: number
  readonly where: string
  readonly target?: string
  /** @throws TransferError that says why it is no image. */
  readonly parse: () => Reference
}

interface Draft {
  readonly image: Omit<FoundImage, "lines" | "where">
  readonly lines: Set<number>
  readonly where: Set<string>
}

/** Images in the order in which they are seen, each once with all its places. */
export class ImageCollector {
  readonly #most: number
  readonly #drafts = new Map<string, Draft>()
  #isFull = false

  constructor(most: number) {
    this.#most = most
  }

  get images(): readonly FoundImage[] {
    return [...this.#drafts.values()].map(({ image, lines, where }) => ({ ...image, lines: [...lines], where: [...where] }))
  }

  /** What there was no more room for; undefined when there was. */
  get problem(): TransferError | undefined {
    if (!this.#isFull) return undefined
    return new TransferError("too_large", `there are more than ${this.#most} images; only the first ${this.#most} were read`, {
      hint: "split the list",
    })
  }

  add({ text, line, where, target, parse }: Sighting): void {
    const read = readReference(parse, target)
    const key = `${"reference" in read ? formatCanonical(read.reference) : text}\n${target ?? ""}\n${"problem" in read}`
    const known = this.#drafts.get(key)
    if (known !== undefined) {
      known.lines.add(line)
      known.where.add(where)
    } else if (this.#drafts.size >= this.#most) {
      this.#isFull = true
    } else {
      const image = { text, ...(target === undefined ? {} : { target }), ...read }
      this.#drafts.set(key, { image, lines: new Set([line]), where: new Set([where]) })
    }
  }
}

function readReference(
  parse: () => Reference,
  target: string | undefined,
): { readonly reference: Reference } | { readonly problem: TransferError } {
  try {
    const reference = parse()
    if (target !== undefined) parseReference(target)
    return { reference }
  } catch (error) {
    if (!isTransferError(error)) throw error
    return { problem: error }
  }
}
