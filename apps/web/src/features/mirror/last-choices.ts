import type { MirrorDraft } from "./mirror-draft.ts"
import { readRemembered, writeRemembered } from "./remembered-draft.ts"

const key = "entrepot.mirror"

/** What was chosen the last time, in this browser. */
export function lastChoices(): Partial<MirrorDraft> {
  try {
    return readRemembered(localStorage.getItem(key))
  } catch {
    return {}
  }
}

/** Keeps what was chosen; a browser that keeps nothing for this site does without. */
export function keepChoices(draft: MirrorDraft): void {
  try {
    localStorage.setItem(key, writeRemembered(draft))
  } catch {
    return
  }
}
