import { format, inspect } from "node:util"
import { expect, test } from "vitest"
import { basicAuthorization, credentials } from "./credentials.ts"
import { firstOf } from "./first-of.ts"
import { staticCredentials } from "./static-credentials.ts"

test("credentials do not print themselves, in whatever way they are asked", () => {
  for (const known of [credentials({ username: "ada", password: "canary" }), credentials({ identityToken: "canary" })]) {
    const printed = [
      inspect(known, { showHidden: true, depth: 9 }),
      format("%o %j %s", known, known, known),
      JSON.stringify({ known }),
      `${known}`,
    ]
    expect(printed.join("\n")).not.toContain("canary")
    expect(JSON.stringify({ ...known })).not.toContain("canary")
  }
})

test("a user named <token> is an identity token, and other users pass as they are", () => {
  expect(credentials({ username: "<token>", password: "t" })).toMatchObject({ identityToken: "t" })
  for (const username of ["AWS", "_json_key", "oauth2accesstoken", "00000000-0000-0000-0000-000000000000"])
    expect(basicAuthorization(credentials({ username, password: "p:w é" }))).toBe(
      `Basic ${Buffer.from(`${username}:p:w é`).toString("base64")}`,
    )
})

test("the first source that knows something wins", async () => {
  const one = staticCredentials({ "a.example": { username: "one", password: "x" } })
  const two = staticCredentials({ "a.example": { username: "two", password: "x" }, "b.example": { identityToken: "t" } })
  const source = firstOf(one, two)
  expect(await source("a.example")).toMatchObject({ username: "one" })
  expect(await source("b.example")).toMatchObject({ identityToken: "t" })
  expect(await source("c.example")).toBeUndefined()
})
