import type { Target } from "@entrepot/client"
import { TransferError } from "@entrepot/core/errors"
import {
  formatFamiliar,
  nameTarget,
  parseNamingRule,
  parseReference,
  parseTargetBase,
  type Reference,
  type TargetBase,
} from "@entrepot/core/reference"
import type { MirrorDraft } from "./mirror-draft.ts"

type Named = Pick<Target, "id" | "host" | "project" | "naming">

/** What the server knows of places: what is saved there, and the address of its default target, null without one. */
export interface KnownPlaces {
  readonly targets: readonly Named[]
  readonly defaultTarget: string | null
}

/** A registry, a project in it, and how images are named there. */
export interface NamedPlace extends TargetBase {
  readonly naming: string
}

/**
 * Where the draft's image goes; undefined where it goes nowhere yet.
 * @throws TransferError `reference_invalid` for an address that is none.
 */
export function placeOf(
  draft: Pick<MirrorDraft, "destination" | "address">,
  { targets, defaultTarget }: KnownPlaces,
): NamedPlace | undefined {
  if (draft.destination === "typed") {
    const address = draft.address.trim() === "" ? defaultTarget : draft.address
    return address === null ? undefined : { ...parseTargetBase(address), naming: "default" }
  }
  const saved = targets.find(({ id }) => id === draft.destination)
  return saved === undefined ? undefined : { host: saved.host, project: saved.project, naming: saved.naming }
}

/** The name that the naming rule gives the image there. @throws TransferError where that is no name. */
export function proposeName(image: Reference, place: NamedPlace): string {
  return formatFamiliar(nameTarget(image, place, parseNamingRule(place.naming)))
}

/**
 * Reads the whole name at the target as the server will: with the target's host before it or, without any host, below the target's project.
 * @throws TransferError `reference_invalid`, or `usage` for another host or a digest.
 */
export function readTargetImage(text: string, place: NamedPlace | undefined): Reference {
  const name = text.trim()
  const named = place === undefined || namesHost(name) ? parseReference(name) : parseReference(`${pathBefore(place)}${name}`)
  if (place !== undefined && named.registry !== place.host) {
    throw new TransferError("usage", `the target image is at ${named.registry}, and the target is ${place.host}`, {
      hint: "name the same registry in both, or leave the registry away in the image's name",
    })
  }
  if (named.digest === undefined) return named
  throw new TransferError("usage", "the target has a digest, and a digest cannot be chosen", { hint: "give it a tag instead" })
}

function pathBefore({ host, project = "proxy" }: TargetBase): string {
  return project === "" ? `${host}/` : `${host}/${project}/`
}

/** A first part with a dot, a port, or the name localhost is a host. */
function namesHost(name: string): boolean {
  const first = name.slice(0, Math.max(0, name.indexOf("/")))
  return /[.:]/.test(first) || first.toLowerCase() === "localhost"
}
