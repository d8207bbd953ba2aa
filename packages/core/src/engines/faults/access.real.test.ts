import {
  type DockerRegistry,
  dockerRegistry,
  type FaultGateway,
  faultGateway,
  image,
  needs,
  type SigningTokenServer,
  signingTokenServer,
} from "@entrepot/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { credentials } from "../../http/credentials/credentials.ts"
import {
  type Copied,
  copy,
  expectNothing,
  expectWhole,
  failureOf,
  type Manner,
  MiB,
  realTarget,
  type Target,
} from "./fault-run.fixture.ts"

const sourceMissing = { zh: "源镜像不存在或无法访问", en: "The source image does not exist or cannot be accessed" }
const targetRefused = {
  zh: "目标仓库认证失败，请检查用户名密码",
  en: "The target registry refused the login; check user and password",
}

describe.skipIf(needs("docker-registry"))("access", () => {
  const app = image({ seed: "guarded", layers: [{ sizeBytes: 6 * MiB }] })
  const [, layer = ""] = [...app.blobs.keys()]
  let tokens: SigningTokenServer
  let source: DockerRegistry
  let gateway: FaultGateway
  let guarded: Target
  let open: Target
  let run = 0
  /** Another repository for each test. */
  let name: string

  beforeAll(async () => {
    tokens = await signingTokenServer({ users: { robot: "s3cret" } })
    ;[source, guarded, open] = await Promise.all([dockerRegistry({ token: tokens }), realTarget({ token: tokens }), realTarget()])
    gateway = await faultGateway(source.host)
    await source.client.push("team/app:1", app)
    await open.registry.client.push("team/app:1", app)
  })

  beforeEach(() => {
    for (const each of [gateway, guarded.gateway, open.gateway]) {
      each.heal()
      each.clearRequests()
    }
    name = `mirror/app-${++run}`
  })

  afterAll(async () => {
    for (const each of [gateway, source, guarded, open, tokens]) await each[Symbol.asyncDispose]()
  })

  const manner = (): Manner => {
    const realm = new URL(tokens.realm).host
    return {
      http: {
        credentials: async (host) => (host === open.host ? undefined : credentials({ username: "robot", password: "s3cret" })),
        hosts: { [realm]: {} },
        realmPairs: [gateway.host, guarded.host].map((registry) => ({ registry, realm })),
      },
    }
  }
  const pull = (): Promise<Copied> => copy({ source: `${gateway.host}/team/app:1`, target: `${open.host}/${name}:1` }, manner())
  const push = (): Promise<Copied> => copy({ source: `${open.host}/team/app:1`, target: `${guarded.host}/${name}:1` }, manner())

  test("fault 13: a token that ends in the middle of a pull is replaced once, and the pull goes on at the byte", async () => {
    gateway.fail("GET blob", { as: "truncate", after: 500_000, reference: layer })
    const rule = gateway.fail("GET blob", { as: "revoke", ranged: true, reference: layer })
    const asked = tokens.requests.length
    const pulled = await pull()
    expect(pulled.outcome.error).toBeUndefined()
    await expectWhole(open, `${name}:1`, app)
    expect(rule.strikes).toBe(1)
    expect(tokens.requests.length - asked).toBeLessThanOrEqual(3)
    expect(gateway.bytesOut("GET blob")).toBeLessThan(7 * MiB)
    expect(gateway.matching("GET blob").filter(({ status }) => status === 401)).toHaveLength(1)
  })

  test("fault 13: a token that ends in the middle of a push is replaced once, and the push goes on", async () => {
    const rule = guarded.gateway.fail("PUT upload", { as: "revoke" })
    const pushed = await push()
    expect(pushed.outcome.error).toBeUndefined()
    expect((await guarded.registry.client.manifest(name, "1"))?.bytes.equals(app.manifest)).toBe(true)
    for (const [digest, content] of app.blobs) {
      expect((await guarded.registry.client.blob(name, digest))?.length).toBe(content.sizeBytes)
    }
    expect(rule.strikes).toBe(1)
    expect(guarded.gateway.bytesIn("PUT upload")).toBeLessThan(13 * MiB)
  })

  test("fault 13: a second 401 is a matter of credentials", async () => {
    const challenge = `Bearer realm="${tokens.realm}",service="${tokens.service}"`
    const refusal = { as: "status", status: 401, headers: { "www-authenticate": challenge }, times: 1000 } as const
    gateway.fail("GET blob", { ...refusal, reference: layer })
    const pulled = await pull()
    expect(failureOf(pulled)).toMatchObject({
      code: "unauthorized",
      side: "source",
      host: gateway.host,
      status: 401,
      hint: `check user name and password for ${gateway.host}`,
      ...sourceMissing,
    })
    expect(gateway.matching("GET blob").filter(({ reference }) => reference === layer)).toHaveLength(2)
    await expectNothing(open, name, app)

    guarded.gateway.fail("POST upload", refusal)
    const pushed = await push()
    expect(failureOf(pushed)).toMatchObject({
      code: "unauthorized",
      side: "target",
      host: guarded.host,
      hint: `check user name and password for ${guarded.host}`,
      ...targetRefused,
    })
    expect(guarded.gateway.count("POST upload")).toBeLessThanOrEqual(4)
    await expectNothing(guarded, name, app)
  })

  test("fault 14: a source that forbids is not asked again", async () => {
    gateway.fail("GET blob", { as: "status", status: 403, times: 1000, reference: layer })
    const pulled = await pull()
    expect(failureOf(pulled)).toMatchObject({
      code: "forbidden",
      side: "source",
      host: gateway.host,
      status: 403,
      hint: "this account may not read there",
      ...sourceMissing,
    })
    expect(gateway.matching("GET blob").filter(({ reference }) => reference === layer)).toHaveLength(1)
    await expectNothing(open, name, app)
  })

  test.each(["POST upload", "PUT manifest"])("fault 14: a target that forbids %s is not asked again", async (matcher) => {
    guarded.gateway.fail(matcher, { as: "status", status: 403, times: 1000 })
    const pushed = await push()
    expect(failureOf(pushed)).toMatchObject({
      code: "forbidden",
      side: "target",
      host: guarded.host,
      status: 403,
      hint: "this account may not push there",
      ...targetRefused,
    })
    // one of each blob at most
    expect(guarded.gateway.count(matcher)).toBeLessThanOrEqual(2)
    await expectNothing(guarded, name, app)
  })
})
