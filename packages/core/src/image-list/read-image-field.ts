import { TransferError } from "../errors/transfer-error.ts"
import { parseReference, type Reference } from "../reference/reference.ts"
import { interpolate } from "./interpolate.ts"

/**
 * The image that a field of YAML names, variables filled in by their defaults.
 * @throws TransferError `reference_invalid`.
 */
export function readImageField(text: string): Reference {
  if (text.includes("{{")) {
    throw new TransferError("reference_invalid", `"${text.slice(0, 120)}" is not an image name: it is a template`, {
      hint: "paste what `helm template` prints",
    })
  }
  return parseReference(interpolate(text).trim())
}
