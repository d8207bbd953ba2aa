import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"

/** Everything below a directory, as it is on the disk. */
export async function filesOf(directory: string): Promise<Map<string, Buffer>> {
  const found = await readdir(directory, { recursive: true, withFileTypes: true })
  const files = new Map<string, Buffer>()
  for (const entry of found) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile()) files.set(path.slice(directory.length + 1), await readFile(path))
  }
  return files
}

/** A secret as it may stand somewhere: as it is, in a URL, in base64 behind any user name. */
function formsOf(value: string): string[] {
  const inBase64 = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)]).toString("base64")
    return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + value.length) * 8) / 6))
  })
  return [value, encodeURIComponent(value), Buffer.from(value).toString("hex"), ...inBase64]
}

const bytesOf = (place: string | Buffer) => (typeof place === "string" ? Buffer.from(place) : place)

/** `secret in place` for everything that is where it must not be. */
export function leaks(places: ReadonlyMap<string, string | Buffer>, known: Readonly<Record<string, string>>): string[] {
  const found: string[] = []
  for (const [place, content] of places) {
    for (const [name, value] of Object.entries(known)) {
      if (formsOf(value).some((form) => bytesOf(content).includes(form))) found.push(`${name} in ${place}`)
    }
  }
  return found
}
