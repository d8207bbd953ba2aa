/** What a request line asks for. */
export interface RequestTarget {
  /** As it was sent: nothing is decoded or put straight, so that only exact spellings match a route. */
  readonly path: string
  readonly query: URLSearchParams
  /** It is ours to answer: exactly spelled or not, it means something below /api, /healthz, /readyz or /metrics. */
  readonly ours: boolean
}

/**
 * Takes a request target apart. A crooked spelling of one of our paths (`//api`, `/%61pi`, `/x/../api`, `/API`, `/api;x`) is ours too, and matches
 * none of our routes: it ends in 404 here instead of reaching somebody who reads it otherwise (RELIABILITY S12).
 */
export function readTarget(url: string): RequestTarget {
  const mark = url.search(/[?#]/)
  const path = mark === -1 ? url : url.slice(0, mark)
  const query = new URLSearchParams(mark === -1 || url.charAt(mark) === "#" ? "" : url.slice(mark + 1).split("#", 1)[0])
  return { path, query, ours: !path.startsWith("/") || isOurs(path) }
}

function isOurs(path: string): boolean {
  return variants(path).some((variant) => {
    const [first = ""] = segmentsOf(variant)
    return first === "api" || first === "healthz" || first === "readyz" || first === "metrics"
  })
}

/** The path, decoded once and twice: whoever decodes less or more than others sees one of these. */
function variants(path: string): string[] {
  const once = decode(path)
  return [path, once, decode(once)]
}

function decode(text: string): string {
  return text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** Lowercase, without empty segments, parameters after `;`, endings like `.rsc`, and with `.` and `..` resolved. */
function segmentsOf(path: string): string[] {
  const result: string[] = []
  for (const part of path.toLowerCase().split(/[/\\]+/)) {
    const name = part.split(";", 1)[0]?.replace(/[\s\0]+/g, "") ?? ""
    if (name === "" || name === ".") continue
    if (name === "..") result.pop()
    else result.push(name.replace(/\.(rsc|json|txt|html)$/, ""))
  }
  return result
}
