import {
  bareLineFeed429,
  type DockerRegistry,
  dockerRegistry,
  type FaultGateway,
  faultGateway,
  image,
  needs,
  signingTokenServer,
} from "@entrepot/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { credentials } from "../../http/credentials/credentials.ts"
import { HostLimits } from "../../http/layers/limits.ts"
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

describe.skipIf(needs("docker-registry"))("a server that asks for patience", () => {
  const app = image({ seed: "patience", layers: [{ sizeBytes: 2 * MiB }, { sizeBytes: 300_000 }] })
  const [, layer = ""] = [...app.blobs.keys()]
  let source: DockerRegistry
  let target: Target
  let gateway: FaultGateway
  let run = 0
  /** Another repository for each test. */
  let name: string

  beforeAll(async () => {
    ;[source, target] = await Promise.all([dockerRegistry(), realTarget()])
    gateway = await faultGateway(source.host)
    await source.client.push("team/app:1", app)
  })

  beforeEach(() => {
    for (const each of [gateway, target.gateway]) {
      each.heal()
      each.clearRequests()
    }
    name = `mirror/app-${++run}`
  })

  afterAll(async () => {
    for (const each of [gateway, source, target]) await each[Symbol.asyncDispose]()
  })

  const mirror = (manner: Manner = {}): Promise<Copied> =>
    copy({ source: `${gateway.host}/team/app:1`, target: `${target.host}/${name}:1` }, manner)
  const succeeds = async (copied: Copied) => {
    expect(copied.outcome.error).toBeUndefined()
    await expectWhole(target, `${name}:1`, app)
  }
  const inTwoSeconds = () => new Date(Date.now() + 2000).toUTCString()

  test.each([
    ["seconds", () => "1", 1000],
    ["a date", inTwoSeconds, 900],
  ])("fault 24: a 429 with %s shuts the whole host for so long, and no other", async (_, retryAfter, leastMs) => {
    const seen: { at: number; asked: number; forMs: number }[] = []
    gateway.fail("GET blob", { as: "status", status: 429, headers: { "retry-after": retryAfter() }, reference: layer })
    const copied = await mirror({
      http: {
        onNotice: ({ kind, forMs }) =>
          kind === "waiting" && seen.push({ at: performance.now(), asked: gateway.requests.length, forMs }),
      },
      onEvent: () => {
        const since = seen[0] && performance.now() - seen[0].at
        // what was under way already may still come in
        if (seen[0] && since !== undefined && since < seen[0].forMs - 20)
          expect(gateway.requests.length - seen[0].asked).toBeLessThanOrEqual(2)
      },
    })
    await succeeds(copied)
    expect(seen).toHaveLength(1)
    expect(copied.durationMs).toBeGreaterThanOrEqual(leastMs)
    expect(gateway.matching("GET blob").filter(({ status }) => status === 429)).toHaveLength(1)
  })

  test("fault 24: a 429 without a time is waited for longer each time", async () => {
    const waits: number[] = []
    const limits = new HostLimits({ unnamedWaitMs: 40, random: () => 1, onNotice: ({ forMs }) => waits.push(forMs) })
    gateway.fail("HEAD manifest", { as: "status", status: 429, times: 3 })
    await succeeds(await mirror({ http: { limits } }))
    expect(waits).toHaveLength(3)
    expect(waits[2]).toBeGreaterThan(3 * (waits[0] ?? 0))
  })

  test("fault 24: the target's 429 in the middle of a push is waited for too", async () => {
    const rule = target.gateway.fail("POST upload", { as: "status", status: 429, headers: { "retry-after": "0.2" } })
    const manifest = target.gateway.fail("PUT manifest", { as: "status", status: 429, headers: { "retry-after": "0.2" } })
    await succeeds(await mirror())
    expect([rule.strikes, manifest.strikes]).toEqual([1, 1])
  })

  test("fault 24: a longer wait than 15 minutes ends it at once and says how long", async () => {
    gateway.fail("HEAD manifest", { as: "status", status: 429, headers: { "retry-after": "3600" }, times: 1000 })
    const copied = await mirror()
    expect(failureOf(copied)).toMatchObject({
      code: "rate_limited",
      side: "source",
      host: gateway.host,
      status: 429,
      zh: "源仓库限制了请求频率，请稍后再试",
      en: "The source registry limits requests; try again later",
    })
    expect(failureOf(copied).hint).toContain("log in")
    expect(copied.durationMs).toBeLessThan(1000)
    expect(gateway.count("HEAD manifest")).toBe(1)
    await expectNothing(target, name, app)
  })

  test("fault 24: a 429 of the token endpoint shuts the token endpoint's host", async () => {
    await using tokens = await signingTokenServer({ users: { robot: "s3cret" } })
    await using realm = await faultGateway(new URL(tokens.realm).host)
    await using guarded = await dockerRegistry({ token: { ...tokens, realm: `${realm.origin}/token` } })
    await guarded.client.push("team/app:1", app)
    const rule = realm.fail("GET token", { as: "status", status: 429, headers: { "retry-after": "0.3" } })
    const waiting: string[] = []
    const copied = await copy(
      { source: `${guarded.host}/team/app:1`, target: `${target.host}/${name}:1` },
      {
        http: {
          hosts: { [realm.host]: {} },
          realmPairs: [{ registry: guarded.host, realm: realm.host }],
          credentials: async (host) =>
            host === guarded.host ? credentials({ username: "robot", password: "s3cret" }) : undefined,
          onNotice: ({ kind, host }) => kind === "waiting" && waiting.push(host),
        },
      },
    )
    await succeeds(copied)
    expect(rule.strikes).toBe(1)
    expect(waiting).toEqual([realm.host])
    expect(copied.durationMs).toBeGreaterThan(300)
    expect(realm.count("GET token")).toBeLessThanOrEqual(4)
  })

  test.each(["HEAD manifest", "GET blob"])(
    "fault 25: a 429 with bare line feeds to %s is an answer that broke, and is asked for again",
    async (what) => {
      const rule = gateway.fail(what, bareLineFeed429)
      await succeeds(await mirror())
      expect(rule.strikes).toBe(1)
    },
  )

  test("fault 26: a burst of 500, 502, 503 and 504 at both ends is sat out", async () => {
    for (const [end, matcher] of [
      [gateway, "HEAD manifest"],
      [gateway, "GET manifest"],
      [gateway, "GET blob"],
      [target.gateway, "HEAD blob"],
      [target.gateway, "POST upload"],
      [target.gateway, "PUT manifest"],
    ] as const) {
      for (const status of [500, 502, 503, 504]) end.fail(matcher, { as: "status", status })
    }
    await succeeds(await mirror())
    expect(gateway.requests.filter(({ status }) => status >= 500)).toHaveLength(12)
    expect(target.gateway.requests.filter(({ status }) => status >= 500)).toHaveLength(12)
  })

  test.each([
    ["the source", "source", "源仓库服务异常，请稍后再试", "The source registry is not working; try again later"],
    ["the target", "target", "推送到目标仓库失败", "Pushing to the target registry failed"],
  ])("fault 26: %s that stays broken is given up after six tries, and named", async (_, side, zh, en) => {
    const end = side === "source" ? gateway : target.gateway
    end.fail(side === "source" ? "GET blob" : "PUT manifest", {
      as: "status",
      status: 502,
      times: 1000,
      ...(side === "source" ? { reference: layer } : {}),
    })
    const copied = await mirror()
    expect(failureOf(copied)).toMatchObject({ code: "server_error", side, host: end.host, status: 502, zh, en })
    expect(end.requests.filter(({ status }) => status === 502)).toHaveLength(6)
    await expectNothing(target, name, app)
  })
})
