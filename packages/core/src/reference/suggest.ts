import { looksLikeHost, maxReferenceLength, scanReference } from "./scan.ts"

/** What was probably meant by a text that is no image name: the usual slips undone, if the result is one. Linear in the input. */
export function suggestReference(text: string): string | undefined {
  if (text.length > maxReferenceLength || text.trim().split(/\s+/).length > 3) return undefined
  for (const candidate of candidates(text)) {
    if (candidate !== text && candidate !== "" && !("problem" in scanReference(candidate))) return candidate
  }
  return undefined
}

function* candidates(text: string): Generator<string> {
  const plain = stripScheme(toAscii(joinVersion(text)))
  const at = plain.indexOf("@")
  const named = tidyName(at === -1 ? plain : plain.slice(0, at))
  const rest = at === -1 ? "" : plain.slice(at + 1)
  if (rest === "") {
    yield named
  } else {
    yield `${named}@${rest.toLowerCase()}`
    if (!rest.includes(":") && !named.includes(":")) yield `${named}:${rest}`
    yield named
  }
  const slash = plain.indexOf("/")
  if (slash !== -1) yield `[${plain.slice(0, slash)}]${plain.slice(slash)}`
}

/** `nginx 1.20` and `nginx v1` mean a tag. */
function joinVersion(text: string): string {
  const words = text.trim().split(/\s+/)
  const [name, version] = words
  return words.length === 2 && version !== undefined && /^(v?\d|latest$)/.test(version) ? `${name}:${version}` : text
}

/** Full-width forms to plain ones (`nginx：1.20`); blanks, quotes and invisible characters away. */
function toAscii(text: string): string {
  let result = ""
  for (const character of text.normalize("NFKC")) {
    const code = character.codePointAt(0) ?? 0
    if (code <= 32 || character === '"' || character === "'" || character === "`" || isInvisible(code)) continue
    result += character === "\\" ? "/" : character === "。" ? "." : character
  }
  return result
}

function isInvisible(code: number): boolean {
  return code === 0x7f || (code >= 0x200b && code <= 0x200f) || code === 0x2060 || code === 0xfeff
}

function stripScheme(text: string): string {
  const scheme = text.indexOf("://")
  return scheme === -1 ? text : text.slice(scheme + 3)
}

/** Lowercase up to the tag, no slash too many, no dangling punctuation; the tag keeps its case. */
function tidyName(named: string): string {
  const parts = named.split("/").filter((part) => part !== "")
  const last = parts.pop() ?? ""
  const hostOnly = parts.length === 0 && named.endsWith("/") && looksLikeHost(last)
  if (hostOnly) return ""
  const colon = last.indexOf(":")
  const path = colon === -1 ? last : last.slice(0, colon)
  const tag = colon === -1 ? "" : trimEnds(last.slice(colon + 1), ":.-/,;")
  const tidied = [...parts.map((part) => part.toLowerCase()), path.toLowerCase()].map((part) => trimEnds(part, "._-,;"))
  return tidied.join("/") + (tag === "" ? "" : `:${tag}`)
}

function trimEnds(text: string, characters: string): string {
  let start = 0
  let end = text.length
  while (start < end && characters.includes(text.charAt(start))) start++
  while (end > start && characters.includes(text.charAt(end - 1))) end--
  return text.slice(start, end)
}
