import { formatFamiliar } from "./format.ts"
import { imageOfCommand } from "./pasted-command.ts"
import { imageOfPage, isPageWithoutScheme } from "./pasted-page.ts"
import { invalidReference, parseReference, type Reference } from "./reference.ts"
import { scanReference } from "./scan.ts"

/** Longer than any command or address that names an image. */
const maxPastedLength = 4096

/**
 * Reads what people paste where an image name is asked for: the name itself, `docker pull nginx:1.20` and its relatives, a line of a
 * Dockerfile or a compose file, `docker://…`, the address of a page of Docker Hub, Quay, GitHub, or a registry; blanks and quotes around it.
 * @throws TransferError `reference_invalid`: what is wrong, and as hint what was probably meant.
 */
export function parsePasted(text: string): Reference {
  if (text.length > maxPastedLength) throw invalidReference(text, `it is longer than ${maxPastedLength} characters`)
  const plain = unquote(text)
  const commanded = imageOfCommand(plain)
  if (commanded === "") throw invalidReference(text, "the command names no image")
  const image = unquote(commanded ?? plain)
  const scheme = image.indexOf("://")
  const transport = image.slice(0, Math.max(0, scheme)).toLowerCase()
  if (transport === "docker") return parseReference(image.slice(scheme + 3))
  if (transport === "http" || transport === "https") return parsePage(text, image)
  return isPageWithoutScheme(image) ? parsePage(text, `https://${image}`) : parseReference(image)
}

function parsePage(pasted: string, address: string): Reference {
  const image = imageOfPage(address)
  if (image === undefined) throw invalidReference(pasted, "this page does not show one image")
  const found = scanReference(image)
  if ("problem" in found) throw invalidReference(pasted, found.problem, suggestionFor(image))
  return found
}

function suggestionFor(image: string): string | undefined {
  const lower = scanReference(image.toLowerCase())
  return "problem" in lower ? undefined : formatFamiliar(lower)
}

/** Without blanks, invisible marks and matching quotes around it. */
function unquote(text: string): string {
  let result = text.trim()
  for (;;) {
    const first = result.charAt(0)
    if (result.length < 2 || !"\"'`“‘<".includes(first) || result.at(-1) !== closing(first)) return result
    result = result.slice(1, -1).trim()
  }
}

function closing(quote: string): string {
  return quote === "“" ? "”" : quote === "‘" ? "’" : quote === "<" ? ">" : quote
}
