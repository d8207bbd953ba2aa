import { formatFamiliar, TransferError } from "@entrepot/core"
import { findImages } from "@entrepot/core/image-list"

/** One wish of a list: an image, and its target where the list names one. */
export interface ListedImage {
  readonly image: string
  readonly target?: string
  /** The first line of the file, from 1, that names it. */
  readonly line: number
}

/** A terminal waits for what a page could not. */
const limits = { textLength: 64 * 1024 * 1024, images: 1_000_000 }

/**
 * Reads the images of a list, one a line (`nginx:1.27`, or `nginx:1.27 -> harbor.example.com/web/nginx:1.27` for a target of its own), of a compose
 * file, or of manifests of Kubernetes.
 * @throws TransferError naming the line: `usage`, `reference_invalid`, `too_large`.
 */
export function parseImageList(text: string, file: string): ListedImage[] {
  const { kind, images, problem } = findImages(text, limits)
  if (problem !== undefined) throw new TransferError(problem.code, `${file}, ${problem.message}`, { hint: problem.hint })
  return images.map(({ text: written, reference, problem: wrong, target, lines: [line = 1] }) => {
    if (wrong !== undefined) throw new TransferError(wrong.code, `${file}, line ${line}: ${wrong.message}`, { hint: wrong.hint })
    const image = kind === "list" || reference === undefined ? written : formatFamiliar(reference)
    return { image, ...(target === undefined ? {} : { target }), line }
  })
}
