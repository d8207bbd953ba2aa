import { startApplication } from "@entrepot/server/application-fixture"
import { expect, onTestFinished, test } from "vitest"
import { executableIn } from "../executable.fixture.ts"

test("a new token is printed alone, opens the application that runs beside, and ends the sessions there", async () => {
  const application = await startApplication()
  onTestFinished(() => application[Symbol.asyncDispose]())
  await using entrepot = await executableIn()
  const call = (path: string, init: RequestInit) => fetch(new URL(path, application.url), init)
  const login = (token: string) => {
    const headers = { "content-type": "application/json", origin: application.url }
    return call("/api/auth/login", { method: "POST", headers, body: JSON.stringify({ token }) })
  }
  const before = await login("docker-transformer")
  expect(before.status).toBe(200)
  const cookie = before.headers.getSetCookie()[0]?.split(";")[0] ?? ""
  expect((await call("/api/auth/me", { headers: { cookie } })).status).toBe(200)

  const result = await entrepot.run(["admin", "reset-token"], { env: { DATA_DIR: application.dataDirectory } })
  expect(result.code, result.stderr).toBe(0)
  expect(result.stdout).toMatch(/^[\w-]{32}\n$/)
  expect(result.stderr).toBe("This is the new login token; it is shown only now. All sessions have ended.\n")
  expect((await call("/api/auth/me", { headers: { cookie } })).status).toBe(401)
  expect((await login("docker-transformer")).status).toBe(401)
  expect((await login(result.stdout.trim())).status).toBe(200)
})
