/** Bytes `from` (inclusive) to `to` (exclusive). */
export interface ByteRange {
  readonly from: number
  readonly to: number
}

/**
 * Reads a Range header for something of that size (RFC 9110, section 14). `whole`: there is none, or one that a server may pass over: another unit,
 * several ranges, or no range at all. `unsatisfiable`: 416.
 */
export function parseByteRange(header: string | undefined, sizeBytes: number): ByteRange | "whole" | "unsatisfiable" {
  if (header === undefined || header.length > 100) return "whole"
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header.replace(/[ \t]+/g, ""))
  if (match === null) return "whole"
  const [, first = "", last = ""] = match
  if (first === "") {
    if (last === "") return "whole"
    const length = Math.min(Number(last), sizeBytes)
    return length === 0 ? "unsatisfiable" : { from: sizeBytes - length, to: sizeBytes }
  }
  const from = Number(first)
  const to = last === "" ? sizeBytes : Math.min(Number(last) + 1, sizeBytes)
  return from >= sizeBytes || to <= from ? "unsatisfiable" : { from, to }
}

/**
 * Reads the Content-Range of an upload's part: `FIRST-LAST`, both inclusive (distribution-spec, "Pushing a blob in chunks"), also in the form that
 * RFC 9110 gives it. Undefined: it is neither.
 */
export function parseContentRange(header: string): ByteRange | undefined {
  const match = /^(?:bytes[ =])?(\d{1,15})-(\d{1,15})(?:\/(?:\d{1,15}|\*))?$/.exec(header.trim())
  if (match === null) return undefined
  const range = { from: Number(match[1]), to: Number(match[2]) + 1 }
  return range.to > range.from ? range : undefined
}
