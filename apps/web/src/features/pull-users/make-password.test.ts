import { expect, test } from "vitest"
import { makePassword } from "./make-password.ts"

test("S19: passwords are long, of letters and digits, each as likely as the others, and never the same", () => {
  const made = Array.from({ length: 2_000 }, () => makePassword())
  expect(new Set(made).size).toBe(made.length)
  expect(made.every((password) => /^[a-km-zA-HJ-NP-Z2-9]{24}$/.test(password))).toBe(true)
  const counts = new Map<string, number>()
  for (const character of made.join("")) counts.set(character, (counts.get(character) ?? 0) + 1)
  expect(counts.size).toBe(56)
  const expected = (2_000 * 24) / 56
  // Six standard deviations off: once in a thousand million runs.
  for (const count of counts.values()) expect(Math.abs(count - expected)).toBeLessThan(6 * Math.sqrt(expected))
})
