import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"
import { describeRefusal } from "./describe-refusal.ts"

const server = fileURLToPath(new URL("../../../../packages/server/src", import.meta.url))

async function refusals(folder: string): Promise<string[]> {
  const files = (await readdir(join(server, folder))).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
  const texts = await Promise.all(files.map((file) => readFile(join(server, folder, file), "utf8")))
  const thrown = /(?:ServiceError\(\s*"(?:invalid|conflict|too_many|unavailable)",\s*|\binvalid\(\s*)(?:"([^"]*)"|`([^`]*)`)/g
  return texts.flatMap((text) =>
    [...text.matchAll(thrown)].map(([, plain, template = ""]) => plain ?? template.replaceAll(/\$\{[^}]*\}/g, "7")),
  )
}

test.each(["accounts", "targets", "schedules", "registry/upstreams"])(
  "every refusal of the server's %s reads in Chinese too",
  async (folder) => {
    const messages = await refusals(folder)
    expect(messages.length).toBeGreaterThan(2)
    expect(messages.filter((message) => describeRefusal(message, "zh") === undefined)).toEqual([])
  },
)

test("a refusal is told in the reader's language, with what stands in it", () => {
  expect(describeRefusal("there is a user ann already", "zh")).toBe("用户 ann 已存在")
  expect(describeRefusal("there is a user ann already", "en")).toBe("there is a user ann already")
})

test("what is for people who mend things is not shown", () => {
  expect(describeRefusal("UNIQUE constraint failed: users.name", "en")).toBeUndefined()
})
