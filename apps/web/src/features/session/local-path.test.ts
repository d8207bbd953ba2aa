import { expect, test } from "vitest"
import { localPath } from "./local-path.ts"

test.each(["/jobs", "/jobs/7?state=failed", "/jobs#last"])("%s is a path of this site", (path) => {
  expect(localPath(path)).toBe(path)
})

test.each([
  undefined,
  null,
  "",
  "jobs",
  "//evil.example",
  "/\\evil.example",
  "\\/evil.example",
  "/\t/evil.example",
  "/.//evil.example",
  "https://evil.example",
  "javascript:alert(1)",
  "/login?next=/login",
  "/api/jobs/export",
])("S17: %j leads nowhere but to the first page", (path) => {
  expect(localPath(path)).toBe("/")
})
