import { redact } from "../errors/redact.ts"
import { TransferError } from "../errors/transfer-error.ts"
import { parsePasted } from "../reference/pasted.ts"
import { looksLikeHost } from "../reference/scan.ts"
import type { ImageCollector } from "./image-collector.ts"

const bullet = /^(?:[-*+•·‣–—]\s+|\d{1,4}(?:[.)]\s+|、\s*))(?:\[[ xX]?\]\s+)?/
const arrows = /->|=>|→/
const separators = /[,;，；、]/
const command = /^(?:[$#]\s+)?(?:sudo\s+)?(?:docker|podman|nerdctl|crictl|ctr|buildah|image:|from)\s/i
/** Brackets of JSON, rules and fences of Markdown: a list's frame. */
const frame = /^(?:[[\]{}(),]+|[-=_*]{3,}|[`~]{3,}\w*)$/

/**
 * The images of a list: one a line, or several with commas; as people paste them, with bullets, quotes and commands; `SRC -> DST`, `SRC => DST`,
 * `SRC=DST`, `SRC: DST` or `SRC DST` for a name of its own at the target. `#` begins a comment at the start of a line or after a blank.
 */
export function collectListImages(text: string, found: ImageCollector): void {
  const lines = text.split("\n")
  for (let i = 0; i < lines.length; i++) {
    const first = i
    let line = withoutComment(lines[i] ?? "").trim()
    // A command that goes on in the next line.
    while (line.endsWith("\\") && command.test(line) && i + 1 < lines.length && i - first < 100) {
      line = `${line.slice(0, -1)} ${withoutComment(lines[++i] ?? "").trim()}`.trim()
    }
    collectLine(line, first + 1, found)
  }
}

/** The images of one line, or of one entry of a list. */
export function collectLine(raw: string, line: number, found: ImageCollector): void {
  const text = raw.trim().replace(bullet, "")
  if (text === "" || frame.test(text)) return
  const pieces = command.test(text) ? text.split("&&") : isPair(text) ? [text] : text.split(separators)
  for (const piece of pieces) {
    const image = piece.trim()
    if (image !== "") collectPiece(image, line, found)
  }
}

function collectPiece(text: string, line: number, found: ImageCollector): void {
  const parts = command.test(text) ? [text] : partsOf(text)
  const [image = "", target, ...more] = parts.map((part) => part.trim())
  if (image === "" || target === "" || more.length > 0) {
    found.add({ text, line, where: "", parse: () => refusePair(text) })
  } else {
    const own = target === undefined ? {} : { target: unquoted(target) }
    found.add({ text: image, line, where: "", ...own, parse: () => parsePasted(image) })
  }
}

function isPair(text: string): boolean {
  return arrows.test(text) && !separators.test(text.replace(/[,;，；、]+$/, ""))
}

/** Image and target, where there are two. What is only next to it has to have a host, so that `nginx 1.27` is not two. */
function partsOf(text: string): readonly string[] {
  if (arrows.test(text)) return text.replace(/[,;，；、]+$/, "").split(arrows)
  const words = text.split(/\s+/)
  if (words.length === 1) return text.includes("://") || text.includes("?") ? [text] : text.split("=")
  const [source = "", target = ""] = words
  if (words.length !== 2 || !namesHost(unquoted(target))) return [text]
  return [source.replace(/:$/, ""), target]
}

function namesHost(text: string): boolean {
  const slash = text.indexOf("/")
  return slash !== -1 && !text.includes("://") && looksLikeHost(text.slice(0, slash))
}

function unquoted(text: string): string {
  return text.replace(/^["'`]+|["'`]+$/g, "")
}

function refusePair(text: string): never {
  throw new TransferError("usage", `"${redact(text.slice(0, 120))}" is not an image, nor IMAGE -> TARGET`, {
    hint: "write one image a line, with its target behind an arrow where it needs one of its own",
  })
}

function withoutComment(line: string): string {
  for (let at = line.indexOf("#"); at !== -1; at = line.indexOf("#", at + 1)) {
    if (at === 0 || line.charAt(at - 1) === " " || line.charAt(at - 1) === "\t") return line.slice(0, at)
  }
  return line
}
