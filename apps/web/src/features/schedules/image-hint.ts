import { describeHint, isTransferError, type Locale } from "@entrepot/core/errors"
import { formatCanonical, formatFamiliar, parsePasted } from "@entrepot/core/reference"

/** What is understood of an image that is being typed: its full name, or why it is none. */
export interface ImageHint {
  readonly canonical: string | undefined
  /** What to do about it, where something is known to do. */
  readonly problem: string | undefined
}

/** Reads what was typed as the application will. */
export function readImage(text: string, locale: Locale): ImageHint {
  try {
    return { canonical: formatCanonical(parsePasted(text)), problem: undefined }
  } catch (error) {
    if (!isTransferError(error)) throw error
    return { canonical: undefined, problem: error.hint === undefined ? "" : describeHint(error.hint, locale) }
  }
}

/** An image as short as it can be written; as it was typed where it cannot be read. */
export function shortName(text: string): string {
  try {
    return formatFamiliar(parsePasted(text))
  } catch {
    return text
  }
}
