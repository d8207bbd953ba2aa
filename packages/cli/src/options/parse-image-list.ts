import { TransferError } from "@entrepot/core"

/** One wish of a list: an image, and its target where the list names one. */
export interface ListedImage {
  readonly image: string
  readonly target?: string
  /** Line in the file, from 1. */
  readonly line: number
}

const arrow = "->"

/**
 * Reads a list of images, one a line: `nginx:1.27`, or `nginx:1.27 -> harbor.example.com/web/nginx:1.27` for a target of its own.
 * Blank lines are skipped, and `#` begins a comment at the start of a line or after a blank.
 * @throws TransferError `usage`, naming the line.
 */
export function parseImageList(text: string, file: string): ListedImage[] {
  const images: ListedImage[] = []
  for (const [i, raw] of text
    .replace(/^\uFEFF/, "")
    .split("\n")
    .entries()) {
    const line = withoutComment(raw).trim()
    if (line === "") continue
    const at = line.indexOf(arrow)
    const image = (at === -1 ? line : line.slice(0, at)).trim()
    const target = at === -1 ? undefined : line.slice(at + arrow.length).trim()
    if (image === "" || target === "" || target?.includes(arrow)) {
      throw new TransferError("usage", `${file}, line ${i + 1}: "${line.slice(0, 120)}" is not an image, nor IMAGE -> TARGET`, {
        hint: "write one image a line, with its target behind an arrow where it needs one of its own",
      })
    }
    images.push({ image, ...(target === undefined ? {} : { target }), line: i + 1 })
  }
  return images
}

function withoutComment(line: string): string {
  for (let at = line.indexOf("#"); at !== -1; at = line.indexOf("#", at + 1)) {
    if (at === 0 || line.charAt(at - 1) === " " || line.charAt(at - 1) === "\t") return line.slice(0, at)
  }
  return line
}
