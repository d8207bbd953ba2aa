import { isTransferError } from "../errors/transfer-error.ts"
import { parsePasted } from "../reference/pasted.ts"
import type { FoundImage, FoundImages } from "./found-images.ts"

/** Finds the images that a text names. Throws for no text whatever. */
export function findImages(text: string): FoundImages {
  const images = text.split("\n").flatMap((line, index) => (line.trim() === "" ? [] : [foundAt(line.trim(), index + 1)]))
  return { kind: "list", images }
}

function foundAt(text: string, line: number): FoundImage {
  const place = { text, lines: [line], where: [""] }
  try {
    return { ...place, reference: parsePasted(text) }
  } catch (error) {
    if (!isTransferError(error)) throw error
    return { ...place, problem: error }
  }
}
