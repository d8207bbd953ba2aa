import type { Locale } from "@entrepot/core/locale"
import { parsePasted, parseTargetImage, type Reference } from "@entrepot/core/reference"
import type { MirrorDraft } from "./mirror-draft.ts"
import { isHalfLogin, type Passwords } from "./mirror-request.ts"
import { type NameProblem, type Reading, readName } from "./name-problem.ts"
import { type KnownPlaces, type NamedPlace, placeOf, proposeName } from "./target-name.ts"

/** What the form's names amount to; each undefined where nothing was typed, or where the image goes nowhere yet. */
export interface ReadDraft {
  readonly image: Reading<Reference> | undefined
  readonly place: Reading<NamedPlace | undefined>
  readonly proposal: Reading<string> | undefined
  readonly edited: Reading<Reference> | undefined
}

/** Reads every name in the draft. `wrongAddress` is the Chinese sentence for an address that is none. */
export function readDraft(draft: MirrorDraft, known: KnownPlaces, locale: Locale, wrongAddress?: string): ReadDraft {
  const image = draft.image.trim() === "" ? undefined : readName(() => parsePasted(draft.image), locale)
  const place = readName(() => placeOf(draft, known), locale, wrongAddress)
  const reference = valueIn(image)
  const at = valueIn(place)
  const edited = draft.targetImage?.trim() ?? ""
  return {
    image,
    place,
    proposal: reference === undefined || at === undefined ? undefined : readName(() => proposeName(reference, at), locale),
    edited: edited === "" ? undefined : readName(() => parseTargetImage(edited, at), locale),
  }
}

/** What was read; undefined where there is nothing, or something wrong. */
export function valueIn<Value>(reading: Reading<Value> | undefined): Value | undefined {
  return reading !== undefined && "value" in reading ? reading.value : undefined
}

/** What is wrong; undefined where nothing is. */
export function problemIn(reading: Reading<unknown> | undefined): NameProblem | undefined {
  return reading !== undefined && "problem" in reading ? reading.problem : undefined
}

/** Names of the form's fields, in the order in which they stand. */
export const fieldNames = ["image", "sourcePassword", "platforms", "address", "password", "targetImage"] as const

export type FieldName = (typeof fieldNames)[number]

/** The fields that keep the draft from being started, in their order. */
export function blockingFields(draft: MirrorDraft, read: ReadDraft, passwords: Passwords): readonly FieldName[] {
  const isTyped = draft.destination === "typed"
  const hasLogin = draft.username.trim() !== "" || passwords.target !== ""
  const wrong: Readonly<Record<FieldName, boolean>> = {
    image: valueIn(read.image) === undefined,
    sourcePassword: isHalfLogin(draft.sourceUsername, passwords.source),
    platforms: draft.platforms?.length === 0,
    // A login for nowhere: the server's default target has its own.
    address: problemIn(read.place) !== undefined || (isTyped && draft.address.trim() === "" && hasLogin),
    password: isTyped && isHalfLogin(draft.username, passwords.target),
    targetImage: problemIn(read.edited ?? read.proposal) !== undefined,
  }
  return fieldNames.filter((name) => wrong[name])
}
