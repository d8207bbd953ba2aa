import type { RegistryPlace } from "@entrepot/client"
import { type AddressProblem, isImageHost, readAddress } from "./read-address.ts"
import type { SetupChoices } from "./setup-choices.ts"

/** The form, as it stands. */
export interface SetupDraft {
  readonly address: string
  readonly hasPrivateCa: boolean
  readonly hasLogin: boolean
  readonly user: string
  /** Registries that are not to come through this server. */
  readonly without: readonly string[]
}

/** Stands where a user name belongs until one is typed. */
const userPlaceholder = "USER"

/** Everything comes through the server, which is where the page was opened. */
export function draftOf({ open }: RegistryPlace, origin: string): SetupDraft {
  return { address: origin, hasPrivateCa: false, hasLogin: !open, user: "", without: [] }
}

/** Registries that clients can be told of, by name: the default one first. */
export function offeredRegistries({ registries, defaultRegistry }: RegistryPlace): readonly string[] {
  const known = registries.filter(isImageHost)
  return [...known.filter((name) => name === defaultRegistry), ...known.filter((name) => name !== defaultRegistry)]
}

/** What the form asks for, or what is wrong with its address. Plain HTTP knows no certificate. */
export function choicesOf(draft: SetupDraft, place: RegistryPlace): SetupChoices | AddressProblem {
  const address = readAddress(draft.address)
  if (typeof address === "string") return address
  return {
    address,
    registries: offeredRegistries(place).filter((name) => !draft.without.includes(name)),
    defaultRegistry: place.defaultRegistry,
    hasPrivateCa: draft.hasPrivateCa && !address.isPlainHttp,
    user: draft.hasLogin ? draft.user.trim() || userPlaceholder : undefined,
  }
}
