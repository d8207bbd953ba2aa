import type { DescribedError } from "@entrepot/core/errors"
import type { FoundImage, FoundImages } from "@entrepot/core/image-list"

/** What core says of a problem, as it comes out of a worker: on the way there its class is lost. */
export interface PlainProblem extends DescribedError {
  readonly message: string
  readonly hint?: string | undefined
}

/** An image that was found in a text by a worker. */
export interface ReadImage extends Omit<FoundImage, "problem"> {
  readonly problem?: PlainProblem
}

/** What a worker found in a text. */
export interface ReadImages extends Omit<FoundImages, "images" | "problem"> {
  readonly images: readonly ReadImage[]
  readonly problem?: PlainProblem
}

/** The same without a class anywhere, so that a worker can hand it over whole. */
export function plainImages({ images, problem, ...rest }: FoundImages): ReadImages {
  return { ...rest, images: images.map(plainImage), ...(problem === undefined ? {} : { problem: plainProblem(problem) }) }
}

function plainImage({ problem, ...rest }: FoundImage): ReadImage {
  return problem === undefined ? rest : { ...rest, problem: plainProblem(problem) }
}

function plainProblem({ code, message, hint, side, host }: PlainProblem): PlainProblem {
  return { code, message, hint, side, host }
}
