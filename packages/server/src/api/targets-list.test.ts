import { expect, test } from "vitest"
import { testConfiguration, testDirectory } from "../runtime/runtime.fixture.ts"
import { testApi } from "./api.fixture.ts"

async function listOf(defaultTarget?: { address: string; username: string; password: string }) {
  const { jobs } = testConfiguration(await testDirectory(), { defaultTarget })
  const api = await testApi({ configuration: { jobs } })
  const { json, text } = await api.ask("GET /api/trpc/targets.list", { as: await api.admin() })
  return { list: json.result.data, text }
}

test("targets.list tells where images go that name no target, and nothing of its login", async () => {
  const address = "harbor.example.com/proxy"
  const { list, text } = await listOf({ address, username: "canary-robot", password: "canary-default-password" })
  expect(list).toEqual({ targets: [], keepsPasswords: expect.any(Boolean), defaultTarget: address })
  expect(text).not.toContain("canary")
})

test("targets.list tells that images without a target go into this server's own registry, where no other is configured", async () => {
  expect((await listOf()).list.defaultTarget).toBe("127.0.0.1:8080/proxy")
})
