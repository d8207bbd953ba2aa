import { TransferError } from "../errors/transfer-error.ts"
import type { TargetBase } from "./naming.ts"
import { parseReference, type Reference } from "./reference.ts"

/**
 * The whole name that was given for an image at its target: with the target's host before it or, without any host, below the target's project.
 * Undefined: there is no target but that name.
 * @throws TransferError `usage` for another host or a digest, `reference_invalid`.
 */
export function parseTargetImage(text: string, base: TargetBase | undefined): Reference {
  const name = text.trim()
  const named = base === undefined || namesHost(name) ? parseReference(name) : parseReference(`${pathOf(base)}${name}`)
  if (base !== undefined && named.registry !== base.host) {
    throw new TransferError("usage", `the target image is at ${named.registry}, and the target is ${base.host}`, {
      hint: "name the same registry in both, or leave the registry away in the image's name",
    })
  }
  if (named.digest === undefined) return named
  throw new TransferError("usage", "the target has a digest, and a digest cannot be chosen", { hint: "give it a tag instead" })
}

/** Whether a name begins with a host: its first part has a dot, a port, or is localhost. */
export function namesHost(image: string): boolean {
  const first = image.slice(0, Math.max(0, image.indexOf("/")))
  return /[.:]/.test(first) || first.toLowerCase() === "localhost"
}

function pathOf({ host, project = "proxy" }: TargetBase): string {
  return project === "" ? `${host}/` : `${host}/${project}/`
}
