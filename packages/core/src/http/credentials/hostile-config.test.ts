import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, test } from "vitest"
import { CredentialHelper } from "./credential-helper.ts"
import { dockerConfig } from "./docker-config.ts"

const authFileLimit = 4 * 1024 * 1024

let directory = ""
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "entrepot-hostile-config-"))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

const file = { auths: { "r.example": { auth: Buffer.from("ada:canary").toString("base64") } } }

test.each([
  [authFileLimit, "ada"],
  [authFileLimit + 1, "too_large"],
])("a Docker config of %i bytes: %s (S9)", async (size, outcome) => {
  const path = join(directory, "config.json")
  await writeFile(path, JSON.stringify(file).padEnd(size))
  const found = await dockerConfig({ path })("r.example").then(
    (known) => known && "username" in known && known.username,
    (error: { code: string }) => error.code,
  )
  expect(found).toBe(outcome)
})

test("a Docker config without an end is read to the limit and no further (S9)", async () => {
  await expect(dockerConfig({ path: "/dev/zero" })("r.example")).rejects.toMatchObject({
    code: "too_large",
    message: `/dev/zero is larger than ${authFileLimit} bytes`,
  })
})

test("a credential helper that never stops talking is stopped (S9)", async () => {
  const path = join(directory, "docker-credential-endless")
  await writeFile(path, '#!/bin/sh\nwhile :; do echo \'{"Username":"ada","Secret":"canary"}\'; done\n')
  await chmod(path, 0o755)
  const helper = new CredentialHelper("endless", { env: { PATH: `${directory}:${process.env.PATH}` } })
  const failure = await helper.get("r.example").catch((error: unknown) => error)
  expect(failure).toMatchObject({ code: "local_io" })
  expect(String(failure)).not.toContain("canary")
})
