import { readdirSync, readFileSync } from "node:fs"
import { join, relative } from "node:path"
import { expect, test } from "vitest"

const shipped = readdirSync(import.meta.dirname, { withFileTypes: true, recursive: true })
  .filter((entry) => entry.isFile() && /(?<!\.test|\.fixture|-contract)\.ts$/.test(entry.name))
  .map((entry) => join(entry.parentPath, entry.name))

const filesWith = (pattern: RegExp) =>
  shipped.filter((file) => pattern.test(readFileSync(file, "utf8"))).map((file) => relative(import.meta.dirname, file))

test("S21: no text becomes SQL", () => {
  expect(shipped.length).toBeGreaterThan(40)
  expect(filesWith(/\bsql\s*\.\s*(raw|identifier)\b|inlineParams/)).toEqual([])
})

test("S21: what is handed to a driver as text is written out, or a migration's", () => {
  const pattern = /\.(exec|prepare|query|pragma)(<[^>]*>)?\(\s*(?!")/
  expect(filesWith(pattern).sort()).toEqual([
    "engine/postgres-engine.ts",
    "engine/sqlite-engine.ts",
    "engine/sqlite-inserts.ts",
    "engine/sqlite-statements.ts",
    "migrations/migrate-postgres.ts",
    "migrations/migrate-sqlite.ts",
  ])
  expect(filesWith(/\.(exec|prepare|query|pragma)(<[^>]*>)?\(\s*`/)).toEqual([])
})
