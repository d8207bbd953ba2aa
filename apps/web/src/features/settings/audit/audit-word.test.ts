import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { auditWord } from "./audit-word.ts"

const server = fileURLToPath(new URL("../../../../../../packages/server/src", import.meta.url))

test("every action that the server writes into the audit log has a word", async () => {
  const actions = new Set<string>()
  const sources = (await readdir(server, { recursive: true })).filter((path) => /(?<!\.test|\.fixture)\.ts$/.test(path))
  for (const file of sources) {
    const text = await readFile(join(server, file), "utf8")
    if (!/trail\.(?:ok|refused)\(/.test(text)) continue
    // Some hand an action on to a method that writes it.
    for (const [, action = ""] of text.matchAll(/"([a-z-]+\.[a-z-]+|login|logout)"/g)) actions.add(action)
  }
  expect(actions.size).toBeGreaterThan(40)
  expect([...actions].filter((action) => auditWord(action) === undefined)).toEqual([])
})

test("what is no action has none, not even what every object has", () => {
  expect(auditWord("toString")).toBeUndefined()
})
