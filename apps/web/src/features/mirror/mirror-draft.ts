import type { MirrorRequest, Target } from "@entrepot/client"

/** How a transfer is carried out. */
export type Engine = NonNullable<MirrorRequest["engine"]>

/** Where the image is to go: a saved target by its number, or an address that is typed. */
export type Destination = number | "typed"

/** What the form holds. Passwords are not in it: they stay in their fields until a request is made. */
export interface MirrorDraft {
  readonly image: string
  readonly sourceUsername: string
  readonly sourcePlainHttp: boolean
  readonly destination: Destination
  /** Empty: the default target of the server's configuration. */
  readonly address: string
  readonly username: string
  readonly plainHttp: boolean
  readonly tlsVerify: boolean
  /** As it was edited; undefined: as the naming rule proposes. */
  readonly targetImage: string | undefined
  /** Undefined: all. */
  readonly platforms: readonly string[] | undefined
  readonly referrers: boolean
  readonly engine: Engine
  readonly forceUpload: boolean
}

export const emptyDraft: MirrorDraft = {
  image: "",
  sourceUsername: "",
  sourcePlainHttp: false,
  destination: "typed",
  address: "",
  username: "",
  plainHttp: false,
  tlsVerify: true,
  targetImage: undefined,
  platforms: undefined,
  referrers: false,
  engine: "direct",
  forceUpload: false,
}

/** What a link to the form, or the last time, has to say about it. */
export interface DraftHints {
  /** By a link. */
  readonly image?: string | undefined
  readonly targetId?: number | undefined
  /** From the last time. */
  readonly remembered?: Partial<MirrorDraft> | undefined
}

/** A form as it is opened: what a link asks for before what was chosen last, and that before the first saved target. */
export function openDraft(hints: DraftHints, targets: readonly Pick<Target, "id">[]): MirrorDraft {
  const { remembered = {} } = hints
  const has = (id: Destination | undefined): id is number => targets.some((target) => target.id === id)
  const last = remembered.destination
  const destination = has(hints.targetId)
    ? hints.targetId
    : has(last) || (last === "typed" && remembered.address !== "")
      ? last
      : (targets[0]?.id ?? "typed")
  return { ...emptyDraft, ...remembered, destination, image: hints.image ?? "" }
}

/** The draft with another image: platforms were those of the image before. */
export function withImage(draft: MirrorDraft, image: string): MirrorDraft {
  return { ...draft, image, platforms: undefined }
}

/** The draft with one platform taken or left. All of them together are no choice, so that the digest stays. */
export function withPlatform(draft: MirrorDraft, platform: string, taken: boolean, offered: readonly string[]): MirrorDraft {
  const before = new Set(draft.platforms ?? offered)
  if (taken) before.add(platform)
  else before.delete(platform)
  const platforms = offered.filter((one) => before.has(one))
  return { ...draft, platforms: platforms.length === offered.length ? undefined : platforms }
}

/** Whether a connection test of one draft's target also tells about the other's. */
export function namesSameTarget(one: MirrorDraft, other: MirrorDraft): boolean {
  const told = ["destination", "address", "username", "plainHttp", "tlsVerify"] as const
  return told.every((name) => one[name] === other[name])
}

/** The draft without a saved target that is no longer there. */
export function withKnownTarget(draft: MirrorDraft, targets: readonly Pick<Target, "id">[]): MirrorDraft {
  const isKnown = draft.destination === "typed" || targets.some(({ id }) => id === draft.destination)
  return isKnown ? draft : { ...draft, destination: "typed" }
}
