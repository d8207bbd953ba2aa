import type { ErrorCode } from "../../../errors/error-code.ts"
import { savedImage, savedManifest } from "../../docker-archive/docker-save.fixture.ts"
import { type EntryRecipe, tarOf } from "../tar.fixture.ts"

/** An archive that somebody made to do harm, and what has to come of it. */
export interface HostileArchive {
  readonly name: string
  readonly transport: "docker-archive" | "oci-archive"
  /** The error's code; `harmless` where the trick is to have no effect at all. */
  readonly outcome: ErrorCode | "harmless"
  /** What the error says. */
  readonly says?: RegExp
  readonly bytes: Buffer
  /** The file is made this long, with zeros that take no room. */
  readonly length?: number
}

/** The image that every hostile Docker archive begins from. */
export const image = savedImage("app:1", ["layer"])
/** Its two entries. */
export const [config, layer] = image.entries as [EntryRecipe, EntryRecipe]
/** Its manifest.json. */
export const manifest = savedManifest([image])
/** GNU's binary form of a size: the first byte says its sign. */
export const base256 = (first: number, rest: readonly number[]) =>
  Buffer.from([first, ...Array.from({ length: 11 - rest.length }, () => (first === 0xff ? 0xff : 0)), ...rest])

/** An archive whose manifest.json names this one layer. */
export const layersNamed = (name: string, ...entries: readonly (EntryRecipe | Buffer)[]) =>
  tarOf(config, ...entries, savedManifest([image], { Layers: [name] }))
/** An archive with this manifest.json. */
export const withManifest = (data: string | Buffer) => tarOf(config, layer, { name: "manifest.json", data })

/** A Docker archive that is whole but for one thing. */
export function docker(
  name: string,
  outcome: HostileArchive["outcome"],
  bytes: Buffer,
  says?: RegExp,
  length?: number,
): HostileArchive {
  return { name, transport: "docker-archive", outcome, bytes, ...(says && { says }), ...(length && { length }) }
}

/** What is said when a name leads to nothing inside the archive. */
export const namesNothing = /has no file .*, which its manifest\.json names/
