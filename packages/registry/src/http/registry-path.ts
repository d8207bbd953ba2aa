/** Whose path this is: ours as it stands, ours but crooked, so that it ends here in 404, or somebody else's. */
export type PathOwner = "registry" | "crooked" | "other"

/**
 * Tells whether a request belongs to the registry. A crooked spelling of our paths (`//v2/`, `/%76%32/`, `/x/../v2/`, `/V2/`, `/v2;x/`) must not
 * reach somebody who reads it otherwise (RELIABILITY S12).
 * @param path without its query.
 */
export function ownerOf(path: string): PathOwner {
  if (path.startsWith("/v2") || path.startsWith("/v1")) {
    if (path.length === 3 || path.charCodeAt(3) === 47) return "registry"
  } else if (isPlain(path)) {
    return "other"
  }
  return readings(path).some((reading) => firstSegmentIsOurs(reading)) ? "crooked" : "other"
}

/** Nothing in it can be read in two ways: its first letter is small and not ours, and there are no dots, escapes or empty segments. */
function isPlain(path: string): boolean {
  const first = path.charCodeAt(1)
  return path.charCodeAt(0) === 47 && first >= 97 && first <= 122 && first !== 118 && !/[%\\]|\/\.\.?(\/|$)|\/\//.test(path)
}

/** As it stands, decoded once, and decoded twice. */
function readings(path: string): string[] {
  const once = decode(path)
  return [path, once, decode(once)]
}

function decode(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

function firstSegmentIsOurs(path: string): boolean {
  const segments: string[] = []
  for (const part of path.toLowerCase().split(/[/\\]+/)) {
    const name = (part.split(";", 1)[0] ?? "").replace(/[\s\0]+/g, "")
    if (name === "" || name === ".") continue
    if (name === "..") segments.pop()
    else segments.push(name.replace(/\.(rsc|json|txt|html)$/, ""))
  }
  return segments[0] === "v2" || segments[0] === "v1"
}

/** What stands before the question mark of a request target. */
export function pathOf(url: string): string {
  const mark = url.indexOf("?")
  return mark === -1 ? url : url.slice(0, mark)
}
