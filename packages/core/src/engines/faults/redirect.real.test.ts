import { type DockerRegistry, dockerRegistry, type FaultGateway, faultGateway, freePort, image, needs } from "@entrepot/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest"
import { type Copied, copy, expectNothing, expectWhole, failureOf, MiB, realTarget, type Target } from "./fault-run.fixture.ts"

describe.skipIf(needs("docker-registry"))("a redirect", () => {
  const app = image({ seed: "redirected", layers: [{ sizeBytes: 3 * MiB }] })
  const [, layer = ""] = [...app.blobs.keys()]
  let source: DockerRegistry
  let target: Target
  let gateway: FaultGateway
  /** Where blobs are redirected to: the same registry by another name. */
  let storage: FaultGateway
  let dead: string
  let run = 0
  /** Another repository for each test. */
  let name: string

  beforeAll(async () => {
    ;[source, target] = await Promise.all([dockerRegistry(), realTarget()])
    ;[gateway, storage] = await Promise.all([faultGateway(source.host), faultGateway(source.host)])
    dead = `127.0.0.1:${await freePort()}`
    await source.client.push("team/app:1", app)
  })

  beforeEach(() => {
    for (const each of [gateway, storage]) {
      each.heal()
      each.clearRequests()
    }
    name = `mirror/app-${++run}`
  })

  afterAll(async () => {
    for (const each of [gateway, storage, source, target]) await each[Symbol.asyncDispose]()
  })

  const pull = (): Promise<Copied> =>
    copy(
      { source: `${gateway.host}/team/app:1`, target: `${target.host}/${name}:1` },
      { http: { hosts: { [storage.host]: {}, [dead]: {} } } },
    )
  const succeeds = async (pulled: Copied) => {
    expect(pulled.outcome.error).toBeUndefined()
    await expectWhole(target, `${name}:1`, app)
  }
  const toStorage = (times: number) =>
    gateway.fail("GET blob", {
      as: "redirect",
      to: `${storage.origin}/v2/team/app/blobs/${layer}?signature=s3cret`,
      times,
      reference: layer,
    })

  test("fault 27: when the host that it leads to is dead, the origin is asked for a fresh URL", async () => {
    const rule = gateway.fail("GET blob", { as: "redirect", to: `http://${dead}/blob`, reference: layer })
    await succeeds(await pull())
    expect(rule.strikes).toBe(1)
  })

  test("fault 27: a host that stays dead is named, and the tries are not multiplied", async () => {
    gateway.fail("GET blob", { as: "redirect", to: `http://${dead}/blob?signature=s3cret`, times: 1000, reference: layer })
    const pulled = await pull()
    expect(failureOf(pulled)).toMatchObject({
      code: "network",
      side: "source",
      zh: "网络连接失败，请检查网络环境",
      en: "The network connection failed; check the network",
    })
    expect(failureOf(pulled).message).toContain(dead)
    expect(JSON.stringify(pulled.events)).not.toContain("s3cret")
    expect(gateway.count("GET blob")).toBeLessThanOrEqual(14)
    await expectNothing(target, name, app)
  })

  test("fault 28: a loop ends after five", async () => {
    gateway.fail("GET blob", { as: "redirect", to: "loop", times: 1000, reference: layer })
    const pulled = await pull()
    expect(failureOf(pulled)).toMatchObject({
      code: "protocol",
      side: "source",
      host: gateway.host,
      message: `${gateway.host} redirected more than 5 times`,
      zh: "仓库返回了无法识别的响应",
      en: "The registry gave an answer that cannot be understood",
    })
    expect(gateway.matching("GET blob").filter(({ reference }) => reference === layer)).toHaveLength(6)
    await expectNothing(target, name, app)
  })

  test("fault 29: a signed URL that has expired is renewed at the origin", async () => {
    const redirect = toStorage(1000)
    const rule = storage.fail("GET blob", { as: "status", status: 403 })
    await succeeds(await pull())
    expect(rule.strikes).toBe(1)
    expect(redirect.strikes).toBeGreaterThanOrEqual(2)
    expect(storage.bytesOut("GET blob")).toBeGreaterThanOrEqual(3 * MiB)
  })

  test("fault 29: what breaks off abroad goes on at the byte by a fresh URL", async () => {
    toStorage(1000)
    storage.fail("GET blob", { as: "truncate", after: 500_000 })
    const rule = storage.fail("GET blob", { as: "status", status: 403, ranged: true })
    await succeeds(await pull())
    expect(rule.strikes).toBe(1)
    expect(storage.bytesOut("GET blob")).toBeLessThan(4 * MiB)
  })

  test("fault 29: a storage that always forbids is an access failure after one more question", async () => {
    toStorage(1000)
    storage.fail("GET blob", { as: "status", status: 403, times: 1000 })
    const pulled = await pull()
    expect(failureOf(pulled)).toMatchObject({ code: "forbidden", side: "source", status: 403 })
    expect(failureOf(pulled).zh).toBe("源镜像不存在或无法访问")
    expect(storage.count("GET blob")).toBe(2)
    expect(JSON.stringify(pulled.events)).not.toContain("s3cret")
    await expectNothing(target, name, app)
  })
})
