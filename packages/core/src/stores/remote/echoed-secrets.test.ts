import { inspect } from "node:util"
import { expect, test } from "vitest"
import { type Credentials, IdentityToken, PasswordCredentials } from "../../http/credentials/credentials.ts"
import {
  blobOf,
  bodyOf,
  failureOf,
  type Received,
  type Scripted,
  scriptedRegistry,
  someBytes,
  testHttp,
} from "./remote.fixture.ts"
import { openRemote } from "./remote-store.ts"

const canary = "cAnaryPassw0rd+/x"
const token = "opaque-Token_canary"
const basic = Buffer.from(`ada:${canary}`).toString("base64")
const secrets = [canary, encodeURIComponent(canary), token, basic, basic.slice(8, -4)]

/** Error bodies that give back what they were sent, none of them with a word like "Bearer" or "password" before it (S19). */
const echoes: readonly ((authorization: string) => string)[] = [
  (authorization) => `you sent ${authorization}`,
  (authorization) => `you sent ${authorization.split(" ")[1]}`,
  (authorization) => `"${authorization.split(" ")[1]?.slice(2)}" is not known`,
  () => `${canary} is not known`,
  () => `no access for ada/${encodeURIComponent(canary)}`,
]

function registryThatEchoes(status: number, scheme: "Basic" | "Bearer", echo: (authorization: string) => string) {
  return scriptedRegistry(({ path, headers }: Received): Scripted => {
    if (path.startsWith("/token")) return { status: 200, body: JSON.stringify({ token }) }
    const { authorization, host } = headers
    if (authorization === undefined)
      return {
        status: 401,
        headers: { "www-authenticate": scheme === "Basic" ? "Basic" : `Bearer realm="http://${host}/token"` },
      }
    return { status, body: JSON.stringify({ errors: [{ code: "DENIED", message: `refused: ${echo(authorization)}` }] }) }
  })
}

for (const [scheme, known] of [
  ["Basic", new PasswordCredentials("ada", canary)],
  ["Bearer", new PasswordCredentials("ada", canary)],
  ["Bearer", new IdentityToken(canary)],
] as const satisfies readonly (readonly ["Basic" | "Bearer", Credentials])[]) {
  test.each([400, 401, 403, 404, 429, 500])(
    `an error body with status %i shows no secret of ${scheme} and ${known.constructor.name}`,
    async (status) => {
      for (const echo of echoes) {
        await using registry = await registryThatEchoes(status, scheme, echo)
        await using http = testHttp({ credentials: async () => known, retry: { attempts: 1 } })
        const remote = openRemote({ host: registry.host, repository: "a", http, side: "target", upload: { backoffMs: 1 } })
        const failures = [await failureOf(remote.getManifest("1"))]
        if (status < 429) failures.push(await failureOf(remote.putBlob(blobOf(someBytes(10)), bodyOf(someBytes(10)))))
        for (const failure of failures) {
          const shown = `${inspect(failure, { depth: 20, showHidden: true })} ${JSON.stringify(failure)} ${String(failure)}`
          for (const secret of secrets) expect(shown).not.toContain(secret)
          expect(shown).toContain(String(status))
        }
      }
    },
  )
}

test("the rest of what a registry says is told", async () => {
  await using registry = await registryThatEchoes(403, "Basic", (authorization) => `you sent ${authorization.split(" ")[1]}`)
  await using http = testHttp({ credentials: async () => new PasswordCredentials("ada", canary) })
  const failure = await failureOf(openRemote({ host: registry.host, repository: "a", http }).getManifest("1"))
  expect(failure.message).toBe(`${registry.host} answered 403 to the manifest a:1: DENIED, refused: you sent ***`)
})
