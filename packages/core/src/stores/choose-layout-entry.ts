import type { Descriptor } from "../content/descriptor.ts"
import { TransferError } from "../errors/transfer-error.ts"

interface Entry {
  readonly tag: string | undefined
  readonly descriptor: Pick<Descriptor, "digest" | "artifactType">
}

/** What stands beside an image and speaks of it: a referrer, or a tag of the referrers and cosign schemes. */
function isCompanion({ tag, descriptor }: Entry): boolean {
  return tag === undefined ? descriptor.artifactType !== undefined : /^sha(256|512)-[0-9a-f]{64,128}(\.|$)/.test(tag)
}

/**
 * Which image of a layout is meant when none is named: the only one (signatures and the like left aside), else the one tagged `latest`. Returns
 * its tag, or its digest where it has none.
 * @throws TransferError `usage` that lists them, `not_found` for an empty layout.
 */
export function chooseLayoutEntry(entries: readonly Entry[], display: string): string {
  if (entries.length === 0) throw new TransferError("not_found", `${display} has no image`, { host: display })
  const images = entries.filter((entry) => !isCompanion(entry))
  const candidates =
    [images.filter((entry) => entry.tag !== undefined), images, entries].find((some) => some.length > 0) ?? entries
  const isOnly = new Set(candidates.map((entry) => entry.descriptor.digest)).size === 1
  const chosen = candidates.find((entry) => entry.tag === "latest") ?? (isOnly ? candidates[0] : undefined)
  if (chosen !== undefined) return chosen.tag ?? chosen.descriptor.digest
  const names = candidates.map((entry) => (entry.tag === undefined ? `@${entry.descriptor.digest}` : `:${entry.tag}`))
  throw new TransferError("usage", `${display} has ${candidates.length} images`, {
    host: display,
    hint: `name one of them: ${names.slice(0, 20).join(" ")}${names.length > 20 ? " …" : ""}`,
  })
}
