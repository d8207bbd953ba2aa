import { randomBytes } from "node:crypto"
import { parseChallenges } from "@entrepot/core"
import { describe, expect, test } from "vitest"
import type { ConformanceAnswer, ConformanceClient } from "./conformance-client.ts"
import { digestOf } from "./conformance-data.ts"

/**
 * How a client comes by what it may do that shows no password but to the token endpoint, and asks there for what challenges name, and for nothing else
 * (distribution, "Token Authentication Specification").
 */
export function tokenWorkflow(client: ConformanceClient): void {
  describe("with tokens", () => {
    test("push: a blob is mounted by a client that has no token yet", async () => {
      const { path, digest } = await pushedElsewhere(client)
      const refused = await client.request("POST", path, { isAnonymous: true })
      expect(await mounted(client, path, refused)).toEqual([201, digest])
    })

    test("push: a blob is mounted by a client whose token does not reach the other repository", async () => {
      const { path, digest } = await pushedElsewhere(client)
      const uploads = path.slice(0, path.indexOf("?"))
      const narrow = await tokenFor(client, await client.request("POST", uploads, { isAnonymous: true }))
      const refused = await client.request("POST", path, { isAnonymous: true, headers: { authorization: narrow } })
      expect(await mounted(client, path, refused)).toEqual([201, digest])
    })
  })
}

/** A blob of the other repository, and where it is mounted. */
async function pushedElsewhere(client: ConformanceClient): Promise<{ readonly path: string; readonly digest: string }> {
  const bytes = randomBytes(512)
  const digest = digestOf(bytes, "sha256")
  expect((await client.push("POST then PUT", digest, bytes, client.otherRepository)).status).toBe(201)
  return { path: `/v2/${client.repository}/blobs/uploads/?mount=${digest}&from=${client.otherRepository}`, digest }
}

async function mounted(client: ConformanceClient, path: string, refused: ConformanceAnswer) {
  const headers = { authorization: await tokenFor(client, refused) }
  const answer = await client.request("POST", path, { isAnonymous: true, headers })
  return [answer.status, answer.headers["docker-content-digest"]]
}

/** Authorization with a token for what the challenge of an answer names. */
async function tokenFor(client: ConformanceClient, refused: ConformanceAnswer): Promise<string> {
  expect(refused.status).toBe(401)
  const [challenge] = parseChallenges([refused.headers["www-authenticate"] ?? ""])
  const { realm = "", service = "", scope = "" } = Object.fromEntries(challenge?.parameters ?? [])
  const answer = await client.request("GET", `${realm}?${new URLSearchParams({ service, scope })}`)
  expect(answer.status).toBe(200)
  return `Bearer ${(JSON.parse(answer.body.toString("utf8")) as { token: string }).token}`
}
