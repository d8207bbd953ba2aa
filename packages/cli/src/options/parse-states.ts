import type { JobState } from "@entrepot/client"
import { InvalidArgumentError } from "commander"

const states = ["queued", "waiting", "running", "succeeded", "failed", "cancelled"] as const satisfies readonly JobState[]

/** States in which a job has come to its end. */
export const endedStates = ["succeeded", "failed", "cancelled"] as const satisfies readonly JobState[]
/** States in which it has not. */
export const openStates = ["queued", "waiting", "running"] as const satisfies readonly JobState[]

/** Reads `failed,cancelled`. @throws InvalidArgumentError */
export function parseStates(text: string): JobState[] {
  const known: readonly string[] = states
  const words = text.split(",").map((word) => word.trim().toLowerCase())
  if (words.every((word): word is JobState => known.includes(word))) return words
  throw new InvalidArgumentError(`Write one or more of ${states.join(", ")}, separated by commas.`)
}
