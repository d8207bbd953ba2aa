/** What a pax header changes of the entry that follows it. */
export interface PaxRecords {
  readonly path?: string
  readonly linkpath?: string
  readonly size?: number
}

/**
 * Reads the records of a pax header (POSIX pax, "pax Extended Header"): `LENGTH KEY=VALUE\n`, the last one of a key counts.
 * @throws Error that says what is wrong.
 */
export function parsePaxRecords(bytes: Buffer): PaxRecords {
  let records: PaxRecords = {}
  let offset = 0
  while (offset < bytes.length) {
    const space = bytes.indexOf(0x20, offset)
    const digits = space < 0 || space - offset > 10 ? "" : bytes.toString("latin1", offset, space)
    const length = /^[1-9]\d*$/.test(digits) ? Number(digits) : 0
    const end = offset + length
    if (length === 0 || end > bytes.length || end <= space || bytes[end - 1] !== 0x0a)
      throw new Error("has a malformed pax record")
    const equals = bytes.indexOf(0x3d, space)
    if (equals < 0 || equals >= end) throw new Error("has a malformed pax record")
    records = addRecord(records, bytes.toString("utf8", space + 1, equals), bytes.toString("utf8", equals + 1, end - 1))
    offset = end
  }
  return records
}

function addRecord(records: PaxRecords, key: string, value: string): PaxRecords {
  if (key.startsWith("GNU.sparse.")) throw new Error("is a sparse file, which images do not have")
  if (key === "path" || key === "linkpath") {
    if (value.includes("\0")) throw new Error("has a NUL byte in a name")
    return { ...records, [key]: value }
  }
  if (key !== "size") return records
  const size = /^\d{1,16}$/.test(value) ? Number(value) : Number.NaN
  if (!Number.isSafeInteger(size)) throw new Error("has a pax size that is no byte count")
  return { ...records, size }
}
