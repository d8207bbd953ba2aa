import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, onTestFinished, test } from "vitest"
import { findDatabase } from "./find-database.ts"
import { readConfiguration } from "./read-configuration.ts"

interface Given {
  readonly variables?: Record<string, string>
  readonly env?: string
  readonly toml?: string
}

/** What the short way and the whole way say. */
async function bothWays({ variables = {}, env, toml }: Given) {
  const root = await mkdtemp(join(tmpdir(), "configuration-"))
  onTestFinished(() => rm(root, { recursive: true, force: true }))
  const data = join(root, variables.DATA_DIR ?? "data")
  await mkdir(data)
  if (env !== undefined) await writeFile(join(root, ".env"), env)
  if (toml !== undefined) await writeFile(join(data, "config.toml"), toml)
  const said = (found: Promise<unknown>) => found.catch(({ message }: Error) => message.replaceAll(root, "ROOT"))
  const found = await said(findDatabase(variables, { root }))
  expect(found).toEqual(await said(readConfiguration(variables, { root }).then(({ database }) => database)))
  return JSON.stringify(found).replaceAll(root, "ROOT")
}

test.each<[string, Given, string]>([
  ["nothing is set", {}, '{"kind":"sqlite","path":"ROOT/data/proxy.db"}'],
  ["a data directory is named", { variables: { DATA_DIR: "d" } }, '{"kind":"sqlite","path":"ROOT/d/proxy.db"}'],
  ["a file is named", { variables: { DB_PATH: " ./x.db " } }, '{"kind":"sqlite","path":"ROOT/x.db"}'],
  ["a file is named in .env", { env: "DB_PATH=/x/y.db" }, '{"kind":"sqlite","path":"/x/y.db"}'],
  ["a file is named in config.toml", { toml: '[database]\npath = "z.db"' }, '{"kind":"sqlite","path":"ROOT/z.db"}'],
  [
    "a server is named",
    { variables: { DATABASE_URL: "postgres://u:p@h/d", SERVER_SECRET: "s".repeat(32) } },
    '{"kind":"postgres","url":"postgres://u:p@h/d"}',
  ],
  [
    "config.toml is wrong",
    { toml: "[database]\nfile = 1" },
    '"The configuration cannot be used:\\n  data/config.toml: database.file is not a setting"',
  ],
  [
    "a file's name is blank",
    { variables: { DB_PATH: " " } },
    '"The configuration cannot be used:\\n  DB_PATH is \\" \\": write a file name"',
  ],
])("where %s, the database is where the whole configuration has it", async (_, given, expected) => {
  expect(await bothWays(given)).toBe(expected)
})
