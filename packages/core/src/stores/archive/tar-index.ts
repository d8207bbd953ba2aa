import type { FileHandle } from "node:fs/promises"
import { TransferError } from "../../errors/transfer-error.ts"
import { localIoError, throwIfCancelled } from "../files/local-io-error.ts"
import { type PaxRecords, parsePaxRecords } from "./pax-records.ts"
import { decodeTarHeader, type TarHeader, tarBlockBytes } from "./tar-header.ts"
import { findTarPath, normalizeTarPath } from "./tar-path.ts"

/** Where a file's bytes are inside the tar. */
export interface TarFile {
  readonly kind: "file"
  readonly offset: number
  readonly size: number
}

/** A link; its target is text out of the archive, and is only ever looked up inside the archive. */
export interface TarLink {
  readonly kind: "hardlink" | "symlink"
  readonly target: string
}

/** Entries by normalised path; of several with one path the last counts, as when extracting. */
export type TarEntries = ReadonlyMap<string, TarFile | TarLink>

/** RELIABILITY S9. */
export const tarLimits = { entries: 100_000, metadataBytes: 1024 * 1024, nameBytes: 4096, links: 40 } as const

const windowBytes = 64 * 1024

/**
 * Finds every file of a tar by reading its headers only. Nothing is extracted: names are data. Entries that point outside (absolute, `..`), devices,
 * directories and pipes are passed over, so that nothing can lead to them.
 * @throws TransferError `archive_invalid` for what is no tar, cut off, or more than `tarLimits`; `cancelled`.
 */
export async function indexTar(handle: FileHandle, fileSize: number, place: string, signal?: AbortSignal): Promise<TarEntries> {
  const read = windowReader(handle, fileSize, place)
  const entries = new Map<string, TarFile | TarLink>()
  let pending: PaxRecords = {}
  let position = 0
  let count = 0
  const refuse = (why: string, cause?: unknown): never => {
    const message = position === 0 ? `${place} is not a tar archive` : `${place}: the tar entry at byte ${position} ${why}`
    throw new TransferError("archive_invalid", message, { host: place, cause, hint: "make or download the archive again" })
  }
  const attempt = <T>(work: () => T): T => {
    try {
      return work()
    } catch (error) {
      return refuse(error instanceof Error ? error.message : "cannot be read", error)
    }
  }

  if (fileSize < tarBlockBytes) refuse("is cut off")
  while (position < fileSize) {
    throwIfCancelled(signal)
    if (position + tarBlockBytes > fileSize) refuse("is cut off")
    const block = await read(position, tarBlockBytes)
    const header = attempt(() => decodeTarHeader(block))
    if (header === undefined) break
    if (++count > tarLimits.entries) refuse(`is one more than the ${tarLimits.entries} entries that an image archive may have`)
    const offset = position + tarBlockBytes
    const size = hasData(header) ? (isMetadata(header) ? header.size : (pending.size ?? header.size)) : 0
    if (size > fileSize - offset) refuse(`is cut off: it says ${size} bytes and the file ends before`)
    if (isMetadata(header)) {
      if (size > tarLimits.metadataBytes) refuse(`has ${size} bytes of names, more than ${tarLimits.metadataBytes}`)
      const bytes = await read(offset, size)
      pending = attempt(() => addMetadata(pending, header, bytes))
    } else {
      if (header.type === "S" || header.type === "M") refuse("is a sparse or split file, which images do not have")
      const name = pending.path ?? header.name
      const linkName = pending.linkpath ?? header.linkName
      if (Buffer.byteLength(name) > tarLimits.nameBytes || Buffer.byteLength(linkName) > tarLimits.nameBytes)
        refuse("has a name that is too long")
      const path = normalizeTarPath(name)
      if (path !== undefined) addEntry(entries, path, header, { offset, size }, linkName)
      pending = {}
    }
    position = offset + Math.ceil(size / tarBlockBytes) * tarBlockBytes
  }
  return entries
}

function addEntry(
  entries: Map<string, TarFile | TarLink>,
  path: string,
  header: TarHeader,
  data: { offset: number; size: number },
  target: string,
): void {
  if (header.type === "0") entries.set(path, { kind: "file", ...data })
  else if (header.type === "1") entries.set(path, { kind: "hardlink", target })
  else if (header.type === "2") entries.set(path, { kind: "symlink", target })
  // What else takes the path, a directory or a device, hides the file that had it.
  else entries.delete(path)
}

/** Links, devices, directories and pipes have no data, whatever their size field says. */
function hasData(header: TarHeader): boolean {
  return !["1", "2", "3", "4", "5", "6"].includes(header.type)
}

function isMetadata(header: TarHeader): boolean {
  return ["x", "g", "L", "K"].includes(header.type)
}

function addMetadata(pending: PaxRecords, header: TarHeader, bytes: Buffer): PaxRecords {
  if (header.type === "L") return { ...pending, path: readLongName(bytes) }
  if (header.type === "K") return { ...pending, linkpath: readLongName(bytes) }
  const records = parsePaxRecords(bytes)
  if (header.type === "x") return { ...pending, ...records }
  if (Object.keys(records).length > 0) throw new Error("renames or resizes all entries at once")
  return pending
}

function readLongName(bytes: Buffer): string {
  const end = bytes.indexOf(0)
  return bytes.toString("utf8", 0, end < 0 ? bytes.length : end)
}

/**
 * The file that a name leads to, links followed inside the archive only. Undefined where there is none.
 * @throws TransferError `archive_invalid` for links in a circle.
 */
export function findTarFile(entries: TarEntries, name: string, place: string): TarFile | undefined {
  let path = normalizeTarPath(name)
  for (let hops = 0; path !== undefined; hops++) {
    if (hops > tarLimits.links) {
      throw new TransferError("archive_invalid", `${place}: the links at ${name.slice(0, 200)} lead in a circle`, { host: place })
    }
    const entry = entries.get(path)
    if (entry === undefined || entry.kind === "file") return entry
    path = entry.kind === "hardlink" ? normalizeTarPath(entry.target) : findTarPath(path, entry.target)
  }
  return undefined
}

/** Small reads next to each other become one. */
function windowReader(handle: FileHandle, fileSize: number, place: string) {
  let start = 0
  let window = Buffer.alloc(0)
  return async (position: number, length: number): Promise<Buffer> => {
    if (position < start || position + length > start + window.length) {
      const wanted = Math.min(Math.max(length, windowBytes), fileSize - position)
      const buffer = Buffer.allocUnsafeSlow(wanted)
      let filled = 0
      while (filled < wanted) {
        const { bytesRead } = await handle.read(buffer, filled, wanted - filled, position + filled).catch((error: unknown) => {
          throw localIoError(error, place)
        })
        if (bytesRead === 0)
          throw new TransferError("archive_invalid", `${place} became shorter while it was read`, { host: place })
        filled += bytesRead
      }
      start = position
      window = buffer
    }
    return window.subarray(position - start, position - start + length)
  }
}
