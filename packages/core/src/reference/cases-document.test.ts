import { readFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"
import { renderCases } from "./cases-document.ts"

const path = fileURLToPath(new URL("../../../../docs/references.md", import.meta.url))

it("docs/references.md shows the table of cases as it is (update it with `vitest -u`)", async () => {
  await expect(renderCases(await readFile(path, "utf8"))).toMatchFileSnapshot(path)
})
