import type { Refusal } from "./message-format.ts"

interface ErrorNumbers {
  /** Members of the answer that hold the number, the first that is there counts. */
  readonly members: readonly string[]
  /** Those that pass by themselves. */
  readonly passing: readonly number[]
}

/** Reads the number of an error out of a bot's answer, which has HTTP status 200 all the same. An answer without one is none of a bot. */
export function readErrorNumber(answer: string, { members, passing }: ErrorNumbers): Refusal | undefined {
  const number = members.map((member) => memberOf(answer, member)).find((each) => typeof each === "number")
  if (number === 0) return undefined
  return { number: number ?? null, passes: number === undefined || passing.includes(number) }
}

function memberOf(answer: string, member: string): number | undefined {
  try {
    const parsed: unknown = JSON.parse(answer)
    const value: unknown = typeof parsed === "object" && parsed !== null ? Reflect.get(parsed, member) : undefined
    return Number.isSafeInteger(value) ? (value as number) : undefined
  } catch {
    return undefined
  }
}
