import { randomBytes } from "node:crypto"
import { writeFile } from "node:fs/promises"
import { join } from "node:path"
import { testRegistry } from "@entrepot/testing"
import { expect, onTestFinished, test } from "vitest"
import { executableIn } from "../executable.fixture.ts"

const password = "hunter2-canary"

test("S19: a target of this machine keeps its password only where there is a key, and shows it nowhere", async () => {
  const registry = await testRegistry({ auth: { basic: { bob: password } } })
  onTestFinished(() => registry[Symbol.asyncDispose]())
  await using entrepot = await executableIn()
  const none = await entrepot.run(["targets", "--lang", "zh"])
  expect(none).toEqual({ code: 0, stdout: "", stderr: "还没有目标仓库：entrepot targets add 名称 HOST[/PROJECT]\n" })

  const add = ["targets", "add", "harbor", `${registry.host}/p`, "--username", "bob", "--password-stdin"]
  const refused = await entrepot.run(add, { input: password })
  expect(refused.code).toBe(7)
  expect(refused.stderr).toBe(
    `✗ This cannot be done at present
  passwords cannot be kept: no master key is configured (MASTER_KEY_FILE)
  hint: write the output of \`openssl rand -base64 32\` into a file, and name it in MASTER_KEY_FILE
`,
  )
  const keys = join(entrepot.directory, "keys")
  await writeFile(keys, randomBytes(32).toString("base64"))
  const env = { MASTER_KEY_FILE: keys }
  expect(await entrepot.run(add, { input: password, env })).toEqual({ code: 0, stdout: "harbor\n", stderr: "" })
  const shown = await entrepot.run(["targets", "--json"], { env })
  expect(JSON.parse(shown.stdout)).toMatchObject([{ name: "harbor", username: "bob", hasPassword: true }])
  expect(shown.stdout).not.toContain(password)
  expect((await entrepot.run(["targets", "check", "harbor"], { env })).code).toBe(0)
  expect(await entrepot.run(["targets", "remove", "harbor"])).toMatchObject({ code: 0, stderr: "target harbor removed\n" })
})
