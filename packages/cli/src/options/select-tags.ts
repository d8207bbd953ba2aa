import { runInNewContext } from "node:vm"
import { TransferError } from "@entrepot/core"

const maxPatternLength = 256
const timeLimitMs = 1000

/**
 * The tags that a pattern matches as a whole, in their order. The pattern is somebody's regular expression: it gets 256 characters, and one
 * second for all tags together.
 * @throws TransferError `usage` for a pattern that is none, that is too long, or that takes too long.
 */
export function selectTags(tags: readonly string[], pattern: string): string[] {
  if (pattern.length > maxPatternLength) {
    throw new TransferError("usage", `a tag pattern has at most ${maxPatternLength} characters, this one has ${pattern.length}`)
  }
  try {
    new RegExp(pattern, "u")
  } catch (error) {
    throw new TransferError("usage", `"${pattern}" is not a regular expression: ${reasonOf(error)}`, {
      hint: "quote it for the shell: --tags '^1\\.2[0-9]$'",
    })
  }
  try {
    const matches: unknown = runInNewContext(
      'const whole = new RegExp("^(?:" + pattern + ")$", "u"); tags.map((tag) => whole.test(tag)).join()',
      { pattern, tags: [...tags] },
      { timeout: timeLimitMs },
    )
    const isMatch = String(matches).split(",")
    return tags.filter((_, i) => isMatch[i] === "true")
  } catch (error) {
    throw new TransferError("usage", `"${pattern}" takes too long to be tried on ${tags.length} tags`, {
      hint: "avoid a repetition inside a repetition, as in (a+)+",
      cause: error,
    })
  }
}

function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.slice(message.lastIndexOf(": ") + 1).trim()
}
