import type { Target } from "@entrepot/client"
import {
  formatFamiliar,
  nameTarget,
  parseNamingRule,
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
