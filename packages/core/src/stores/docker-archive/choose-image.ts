import { TransferError } from "../../errors/transfer-error.ts"
import { formatFamiliar, parseReference, type Reference } from "../../reference/index.ts"
import type { ArchivedImage } from "./docker-manifest.ts"

/**
 * The image that a name or a place in the archive means; without either, the only one.
 * @throws TransferError `not_found`, or `usage` that lists the images when there are several.
 */
export function chooseImage(
  images: readonly ArchivedImage[],
  wanted: Reference | number | undefined,
  display: string,
): ArchivedImage {
  const list = images.map(describe)
  const hint = `it has: ${list.slice(0, 20).join(", ")}${list.length > 20 ? " …" : ""}`
  if (images.length === 0) throw new TransferError("not_found", `${display} has no image`, { host: display })
  if (wanted === undefined) {
    const [only] = images
    if (only !== undefined && images.length === 1) return only
    throw new TransferError("usage", `${display} has ${images.length} images`, {
      host: display,
      hint: `name one of them: ${list.slice(0, 20).join(", ")}${list.length > 20 ? " …" : ""}`,
    })
  }
  const found = typeof wanted === "number" ? images[wanted] : images.find((image) => image.names.includes(formatFamiliar(wanted)))
  if (found !== undefined) return found
  const name = typeof wanted === "number" ? `number ${wanted}` : formatFamiliar(wanted)
  throw new TransferError("not_found", `${display} has no image ${name}`, { host: display, hint })
}

/** The image that a tag alone, a name, or `@N` means. Undefined where there is none or the tag does not decide. */
export function findImage(images: readonly ArchivedImage[], text: string): ArchivedImage | undefined {
  if (/^@\d{1,6}$/.test(text)) return images[Number(text.slice(1))]
  const byTag = images.filter((image) => image.names.some((name) => name.endsWith(`:${text}`)))
  if (byTag.length === 1) return byTag[0]
  try {
    const wanted = formatFamiliar(parseReference(text))
    return images.find((image) => image.names.includes(wanted))
  } catch {
    return undefined
  }
}

function describe(image: ArchivedImage): string {
  return image.names[0] ?? `@${image.index}`
}
