import { appendFileSync } from "node:fs"
import { which } from "./which.ts"

/** The variable by which the closing line reporter tells the workers where to note what they skip. */
export const skippedFileVariable = "ENTREPOT_TEST_SKIPPED_FILE"

/** What a real test may ask for: a program on PATH, or `root`. */
type Need = "root" | (string & {})

/**
 * For `describe.skipIf(needs("docker-registry", "skopeo"))`: true when something is missing; the closing line reporter then says so in one line.
 * @throws Error where `CI` is set: there nothing real may be skipped.
 */
export function needs(...tools: readonly Need[]): boolean {
  const missing = tools.filter((tool) => (tool === "root" ? process.getuid?.() !== 0 : which(tool) === undefined))
  if (missing.length === 0) return false
  const line = `skipped what needs ${missing.join(", ")}: not here`
  if (process.env.CI && process.env.CI !== "false") throw new Error(`in CI nothing real may be skipped, but: ${line}`)
  const file = process.env[skippedFileVariable]
  if (file) appendFileSync(file, `${line}\n`)
  return true
}
