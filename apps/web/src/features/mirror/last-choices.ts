import type { MirrorDraft } from "./mirror-draft.ts"
import { readRemembered, writeRemembered } from "./remembered-draft.ts"

/** One browser may serve several people, and addresses are nobody else's business. */
const keyOf = (userId: number) => `entrepot.mirror.${userId}`

/** What this person chose the last time, in this browser. */
export function lastChoices(userId: number): Partial<MirrorDraft> {
  try {
    return readRemembered(localStorage.getItem(keyOf(userId)))
  } catch {
    return {}
  }
}

/** Keeps what was chosen; a browser that keeps nothing for this site does without. */
export function keepChoices(userId: number, draft: MirrorDraft): void {
  try {
    localStorage.setItem(keyOf(userId), writeRemembered(draft))
  } catch {
    return
  }
}
