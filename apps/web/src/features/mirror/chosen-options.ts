import type { MirrorDraft } from "./mirror-draft.ts"

/** What can be folded away and holds all the same. */
export type ChosenOption = "login" | "plainHttp" | "skipTls" | "docker" | "referrers" | "forceUpload"

function chosen(options: Readonly<Partial<Record<ChosenOption, boolean>>>): readonly ChosenOption[] {
  return (Object.keys(options) as ChosenOption[]).filter((option) => options[option])
}

/** How the source is reached, where that is not as usual. */
export function chosenForSource({ sourceUsername, sourcePlainHttp }: MirrorDraft): readonly ChosenOption[] {
  return chosen({ login: sourceUsername.trim() !== "", plainHttp: sourcePlainHttp })
}

/** How a typed target is reached, where that is not as usual. */
export function chosenForTarget({ plainHttp, tlsVerify }: MirrorDraft): readonly ChosenOption[] {
  return chosen({ plainHttp, skipTls: !tlsVerify })
}

/** How the image is copied, where that is not as usual. */
export function chosenForCopy({ engine, referrers, forceUpload }: MirrorDraft): readonly ChosenOption[] {
  return chosen({ docker: engine === "docker", referrers, forceUpload })
}
