import {
  type DockerRegistry,
  dockerRegistry,
  faultGateway,
  faultProxy,
  freePort,
  image,
  needs,
  testCa,
  testRegistry,
} from "@entrepot/testing"
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest"
import {
  type Copied,
  copy,
  expectNothing,
  expectWhole,
  failureOf,
  MiB,
  realTarget,
  type Target,
  testEngine,
} from "./fault-run.fixture.ts"

const networkFailed = {
  code: "network",
  zh: "网络连接失败，请检查网络环境",
  en: "The network connection failed; check the network",
}

describe.skipIf(needs("docker-registry"))("a connection", () => {
  const app = image({ seed: "connection", layers: [{ sizeBytes: 2 * MiB }] })
  const [, layer = ""] = [...app.blobs.keys()]
  let source: DockerRegistry
  let target: Target
  let run = 0
  /** Another repository for each test. */
  let name: string

  beforeAll(async () => {
    ;[source, target] = await Promise.all([dockerRegistry(), realTarget()])
    await source.client.push("team/app:1", app)
  })

  beforeEach(() => {
    target.gateway.heal()
    target.gateway.clearRequests()
    name = `mirror/app-${++run}`
  })

  afterAll(async () => {
    for (const each of [source, target]) await each[Symbol.asyncDispose]()
  })

  const succeeds = async (copied: Copied) => {
    expect(copied.outcome.error).toBeUndefined()
    await expectWhole(target, `${name}:1`, app)
  }

  test("fault 1: a refused connection is tried again", async () => {
    await using link = await faultProxy(source.host, [{ as: "refuse", times: 3 }])
    await succeeds(await copy({ source: `${link.host}/team/app:1`, target: `${target.host}/${name}:1` }))
    expect(link.strikes).toBe(3)
  })

  test("fault 1: a host that refuses is given up and named, while another job of the same engine goes on", async () => {
    const dead = `127.0.0.1:${await freePort()}`
    await using engine = testEngine()
    const [lost, whole] = await Promise.all([
      engine.run({ source: `${dead}/team/app:1`, target: `${target.host}/${name}-lost:1` }),
      engine.run({ source: `${source.host}/team/app:1`, target: `${target.host}/${name}:1` }),
    ])
    expect(failureOf(lost)).toMatchObject({
      ...networkFailed,
      side: "source",
      host: dead,
      hint: "check the address, the network, and whether a proxy is needed",
    })
    await expectNothing(target, `${name}-lost`, app)
    await succeeds(whole)
  })

  test("fault 1: a source that goes away in the middle is knocked at a few times, not hundreds", async () => {
    await using gateway = await faultGateway(source.host)
    await using link = await faultProxy(gateway.host)
    const stall = gateway.fail("GET blob", { as: "stall", after: MiB, reference: layer })
    const running = copy({ source: `${link.host}/team/app:1`, target: `${target.host}/${name}:1` })
    await vi.waitUntil(() => stall.strikes === 1, { interval: 5 })
    const connectionsBefore = link.connections
    link.rules = [{ as: "refuse" }]
    link.resetAll()
    const lost = await running
    expect(failureOf(lost)).toMatchObject({ ...networkFailed, side: "source", host: link.host })
    // Six tries for each blob that was under way, which are one or two.
    const knocks = link.connections - connectionsBefore
    expect(knocks).toBeGreaterThanOrEqual(6)
    expect(knocks).toBeLessThanOrEqual(12)
    await expectNothing(target, name, app)
  })

  test("fault 1: a target that refuses is given up and named", async () => {
    const dead = `127.0.0.1:${await freePort()}`
    const lost = await copy({ source: `${source.host}/team/app:1`, target: `${dead}/a/b:1` })
    expect(failureOf(lost)).toMatchObject({ ...networkFailed, side: "target", host: dead })
  })

  const named = (errors: string[]) => {
    const [, port = ""] = source.host.split(":")
    const host = `registry.example.test:${port}`
    const asked: string[] = []
    const lookup = async (hostname: string) => {
      asked.push(hostname)
      const code = errors[asked.length - 1]
      if (code !== undefined) throw Object.assign(new Error(`getaddrinfo ${code} ${hostname}`), { code })
      return [{ address: "127.0.0.1", family: 4 }]
    }
    return { host, asked, http: { lookup, hosts: { [host]: { plainHttp: true } } } }
  }

  test("fault 2: a resolver in trouble is asked again", async () => {
    const { host, asked, http } = named(["EAI_AGAIN", "EAI_AGAIN", "EAI_AGAIN"])
    await succeeds(await copy({ source: `${host}/team/app:1`, target: `${target.host}/${name}:1` }, { http }))
    expect(asked.length).toBeGreaterThanOrEqual(4)
  })

  test("fault 2: a name that does not exist is asked for twice", async () => {
    const { host, asked, http } = named(new Array(100).fill("ENOTFOUND"))
    const lost = await copy({ source: `${host}/team/app:1`, target: `${target.host}/${name}:1` }, { http })
    expect(failureOf(lost)).toMatchObject({ ...networkFailed, side: "source", host })
    expect(asked).toEqual(["registry.example.test", "registry.example.test"])
    await expectNothing(target, name, app)
  })

  const refusesCertificate = async (server: string, trusted: string, what: string) => {
    await using link = await faultProxy(server)
    const lost = await copy(
      { source: `${link.host}/team/app:1`, target: `${target.host}/${name}:1` },
      { http: { hosts: { [link.host]: { ca: trusted } } } },
    )
    expect(failureOf(lost)).toMatchObject({
      code: "tls",
      side: "source",
      host: link.host,
      zh: "TLS证书验证失败，请检查证书",
      en: "The TLS certificate could not be verified; check the certificate",
    })
    expect(failureOf(lost).message).toContain(`the certificate of ${link.host} ${what}`)
    expect(link.connections).toBe(1)
    await expectNothing(target, name, app)
  }

  test("fault 3: a certificate of an unknown authority fails at once, is named, and is not got around", async () => {
    await using ca = await testCa()
    await using other = await testCa("another authority")
    await using guarded = await dockerRegistry({ tls: await ca.certificate() })
    await refusesCertificate(guarded.host, other.ca, "is signed by an unknown authority")
  })

  test("fault 3: a certificate that has expired fails at once, is named, and is not got around", async () => {
    await using ca = await testCa()
    // docker-registry itself starts with it, but its readiness cannot be asked by a client that verifies
    await using guarded = await testRegistry({ tls: await ca.certificate({ expired: true }), images: { "team/app:1": app } })
    await refusesCertificate(guarded.host, ca.ca, "has expired")
    expect(guarded.requests).toEqual([])
  })

  test("fault 30: a kept connection that the server closes under a request costs no try", async () => {
    // the first request is let through, and the first byte of the second ends the connection
    await using link = await faultProxy(source.host, [{ as: "reset", after: 420, direction: "toServer", times: 1 }])
    const copied = await copy(
      { source: `${link.host}/team/app:1`, target: `${target.host}/${name}:1` },
      { http: { retry: { attempts: 1 } }, session: { retryAttempts: 1 } },
    )
    await succeeds(copied)
    expect(link.strikes).toBe(1)
  })
})
