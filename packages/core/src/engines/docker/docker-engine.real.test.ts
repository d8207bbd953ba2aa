import {
  type DockerDaemon,
  type DockerRegistry,
  dockerDaemon,
  dockerRegistry,
  faultProxy,
  image,
  index,
  needs,
  printingProgram,
  runnableImage,
  tarArchive,
} from "@entrepot/testing"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { credentials } from "../../http/credentials/credentials.ts"
import type { OutcomeEvent, TransferEvent } from "../../transfer/events.ts"
import type { CopyRequest } from "../engine.ts"
import { createDockerEngine, type DockerEngineOptions } from "./index.ts"

const small = (seed: string, architecture = "amd64") =>
  image({ seed, layers: [{ sizeBytes: 4096 }], platform: { os: "linux", architecture } })
const password = "c4n4ry-S3cret"

describe.skipIf(needs("dockerd", "docker", "docker-registry", "htpasswd", "root"))("the Docker engine with a real daemon", () => {
  let daemon: DockerDaemon
  let source: DockerRegistry
  let target: DockerRegistry

  beforeAll(async () => {
    daemon = await dockerDaemon()
    source = await dockerRegistry()
    target = await dockerRegistry({ htpasswd: { user: "ann", password } })
  })
  afterAll(async () => {
    await daemon?.[Symbol.asyncDispose]()
    await source?.[Symbol.asyncDispose]()
    await target?.[Symbol.asyncDispose]()
  })

  async function run(
    asked: CopyRequest,
    options: DockerEngineOptions = {},
    watch: (event: TransferEvent) => void = () => undefined,
  ): Promise<{ events: TransferEvent[]; outcome: OutcomeEvent }> {
    const engine = createDockerEngine({
      connection: { socketPath: daemon.socketPath },
      credentials: async (host) => (host === target.host ? credentials({ username: "ann", password }) : undefined),
      retryMinMs: 10,
      retryMaxMs: 50,
      ...options,
    })
    const events: TransferEvent[] = []
    for await (const event of engine.copy(asked)) {
      events.push(event)
      watch(event)
    }
    const outcome = events.at(-1)
    if (outcome?.type !== "outcome") throw new Error("no outcome at the end")
    return { events, outcome }
  }

  const docker = async (...args: string[]) => (await daemon.docker(args)).toString().trim()
  const idOf = (name: string) => docker("image", "inspect", "--format", "{{.Id}}", name)
  const names = async () =>
    (await docker("images", "-a", "--digests", "--format", "{{.Repository}}:{{.Tag}}@{{.Digest}}")).split("\n").sort()

  it("pulls, tags, pushes and leaves nothing behind; what arrived runs", async () => {
    const made = runnableImage({ message: "mirrored", extraLayers: [{ sizeBytes: 2_000_000 }] })
    await source.client.push("library/hello:1", made)
    const to = `${target.host}/proxy/hello:1`
    const before = await names()
    const { events, outcome } = await run({ source: `docker://${source.host}/library/hello:1`, target: `docker://${to}` })
    expect(outcome).toMatchObject({ outcome: "succeeded", source: `${source.host}/library/hello:1`, target: to })
    expect(outcome.digest).toBe((await target.client.manifest("proxy/hello", "1"))?.digest)
    expect(outcome.totals).toMatchObject({ blobsSent: 2, blobsSkipped: 0, blobsMounted: 0 })
    expect(outcome.totals.bytesSent).toBeGreaterThan(2_000_000)
    expect(events.flatMap((event) => (event.type === "stage" ? [`${event.stage} ${event.state}`] : []))).toEqual(
      ["prepare", "pull", "tag", "push", "clean"].flatMap((stage) => [`${stage} started`, `${stage} finished`]),
    )
    expect(events.find((event) => event.type === "plan")).toMatchObject({
      digest: made.descriptor.digest,
      platforms: ["linux/amd64"],
    })
    const layers = new Map(events.flatMap((event) => (event.type === "blob" ? [[event.label, event.state]] : [])))
    expect([...layers.values()]).toEqual(["done", "done", "done", "done"])
    expect(await names()).toEqual(before)
    expect(JSON.stringify(events)).not.toContain(password)

    await target.client.manifest("proxy/hello", "1")
    await run({ source: `docker://${to}`, target: "docker-daemon:back:1" })
    expect(await docker("run", "--rm", "--network", "none", "back:1")).toBe("mirrored")
    await docker("rmi", "back:1")
    expect(await names()).toEqual(before)
  })

  it("pushes what was built here, and keeps every name that was there before", async () => {
    const dockerfile = { name: "Dockerfile", content: Buffer.from('FROM scratch\nCOPY hello /hello\nCMD ["/hello"]\n') }
    const build = (text: string, tag: string) =>
      daemon.build(tag, tarArchive([dockerfile, { name: "hello", content: printingProgram(text), mode: 0o755 }]))
    const to = `${target.host}/proxy/built:1`
    await build("old\n", to)
    await build("new\n", "built:1")
    const before = [await idOf(to), await idOf("built:1"), await names()]
    expect((await run({ source: "docker-daemon:built:1", target: `docker://${to}` })).outcome.outcome).toBe("succeeded")
    expect([await idOf(to), await idOf("built:1"), await names()]).toEqual(before)

    await docker("rmi", to, "built:1")
    await run({ source: `docker://${to}`, target: "docker-daemon:back:1" })
    expect(await docker("run", "--rm", "--network", "none", "back:1")).toBe("new")
    await docker("rmi", "back:1")
  })

  it("keeps a source that had been pulled before", async () => {
    await source.client.push("kept:1", small("kept"))
    const from = `${source.host}/kept:1`
    await docker("pull", "--quiet", from)
    const before = await names()
    await run({ source: `docker://${from}`, target: `docker://${target.host}/proxy/kept:1` })
    expect(await names()).toEqual(before)

    await docker("rmi", from)
  })

  it("keeps an image that was here without a name", async () => {
    const from = `${source.host}/nameless:1`
    const dockerfile = { name: "Dockerfile", content: Buffer.from("FROM scratch\nCOPY x /x\n") }
    const build = (text: string) =>
      daemon.build("nameless:1", tarArchive([dockerfile, { name: "x", content: Buffer.from(text) }]))
    await build("first")
    const id = await idOf("nameless:1")
    await docker("tag", "nameless:1", from)
    await docker("push", "--quiet", from)
    await docker("rmi", from)
    await build("second")
    // Images of the same second come in any order.
    const all = async () => (await docker("images", "-aq", "--no-trunc")).split("\n").sort()
    const before = await all()
    expect(before).toContain(id)
    await run({ source: `docker://${from}`, target: `docker://${target.host}/proxy/nameless:1` })
    expect(await all()).toEqual(before)
    await docker("rmi", id, "nameless:1")
  })

  it("leaves nothing behind when two copies of one image run side by side", async () => {
    await source.client.push("twice:1", small("twice"))
    const before = await names()
    const engine = createDockerEngine({
      connection: { socketPath: daemon.socketPath },
      credentials: async (host) => (host === target.host ? credentials({ username: "ann", password }) : undefined),
    })
    const copy = async (name: string) => {
      const asked = { source: `docker://${source.host}/twice:1`, target: `docker://${target.host}/proxy/${name}` }
      for await (const event of engine.copy(asked)) if (event.type === "outcome") return event.outcome
      return undefined
    }
    expect(await Promise.all(["twice:1", "twice:2", "again:1"].map(copy))).toEqual(["succeeded", "succeeded", "succeeded"])
    expect(await names()).toEqual(before)
  })

  it("copies the platform that was asked for, and refuses one that is not there", async () => {
    const both = index([small("amd", "amd64"), small("arm", "arm64")])
    await source.client.push("both:1", both)
    const asked = { source: `docker://${source.host}/both:1`, target: `docker://${target.host}/proxy/both:1` }
    const arm = { os: "linux", architecture: "arm64" }
    expect((await run({ ...asked, platforms: [arm] })).outcome.outcome).toBe("succeeded")
    const { events, outcome } = await run({ ...asked, platforms: [{ os: "linux", architecture: "s390x" }] })
    expect(outcome.error).toMatchObject({ code: "not_found", side: "source", host: source.host })
    expect(events.find((event) => event.type === "plan")).toMatchObject({ platforms: ["linux/amd64", "linux/arm64"] })

    await source.client.push("single:1", small("single"))
    const single = await run({ ...asked, source: `docker://${source.host}/single:1`, platforms: [arm] })
    expect(single.outcome.error).toMatchObject({
      code: "not_found",
      side: "source",
      message: `${source.host}/single:1 has no image for linux/arm64: it is for linux/amd64`,
    })
  })

  it("classifies what goes wrong, and puts it on a side", async () => {
    await source.client.push("one:1", small("one"))
    const from = `docker://${source.host}/one:1`
    const to = `docker://${target.host}/proxy/one:1`
    const errorOf = async (asked: CopyRequest, options?: DockerEngineOptions) => (await run(asked, options)).outcome.error
    expect(await errorOf({ source: `docker://${source.host}/one:2`, target: to })).toEqual({
      code: "not_found",
      message: "Docker: manifest unknown: manifest unknown",
      side: "source",
      host: source.host,
    })
    expect(await errorOf({ source: "docker-daemon:nothing:1", target: to })).toMatchObject({ code: "not_found", side: "source" })
    expect(await errorOf({ source: from, target: to }, { credentials: async () => undefined })).toMatchObject({
      code: "unauthorized",
      side: "target",
      host: target.host,
    })
    const wrong = credentials({ username: "ann", password: "wrong" })
    expect(await errorOf({ source: to, target: from }, { credentials: async () => wrong })).toEqual({
      code: "unauthorized",
      message: "Docker: unauthorized: authentication required",
      side: "source",
      host: target.host,
      hint: "check user and password of the registry",
    })
    expect(await errorOf({ source: "docker://127.0.0.1:1/x:1", target: to }, { retryAttempts: 2 })).toEqual({
      code: "network",
      attempts: 2,
      message: 'Docker: Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused',
      side: "source",
      host: "127.0.0.1:1",
    })
    expect(await errorOf({ source: from, target: "docker://127.0.0.1:1/x:1" }, { retryAttempts: 2 })).toMatchObject({
      code: "network",
      side: "target",
      host: "127.0.0.1:1",
    })
    expect(await names()).toEqual([""])
  })

  it("stops when it is told to, and leaves nothing half-published", async () => {
    await source.client.push("slow:1", image({ seed: "slow", layers: [{ sizeBytes: 4_000_000 }] }))
    await using slow = await faultProxy(source.host, [{ as: "stall", after: 1_000_000 }])
    const stop = new AbortController()
    const { events, outcome } = await run(
      { source: `docker://${slow.host}/slow:1`, target: `docker://${target.host}/proxy/slow:1`, signal: stop.signal },
      {},
      (event) => {
        if (event.type === "blob" && event.state === "copying") stop.abort()
      },
    )
    expect(outcome.outcome).toBe("cancelled")
    expect(outcome.error).toBeUndefined()
    expect(events.filter((event) => event.type === "stage").at(-1)).toMatchObject({ stage: "clean", state: "finished" })
    expect(await target.client.manifest("proxy/slow", "1")).toBeUndefined()
    expect(await names()).toEqual([""])
  })

  it("goes on when dockerd is killed in the middle of a pull and comes back (fault 46)", async () => {
    const made = image({ seed: "restart", layers: [{ sizeBytes: 4_000_000 }, { sizeBytes: 4096 }] })
    await source.client.push("restart:1", made)
    await using slow = await faultProxy(source.host, [{ as: "stall", after: 1_000_000, times: 1 }])
    let restarted: Promise<void> | undefined
    const restart = async () => {
      await expect.poll(() => slow.strikes).toBe(1)
      await daemon.stop("SIGKILL")
      await daemon.start()
    }
    const { events, outcome } = await run(
      { source: `docker://${slow.host}/restart:1`, target: `docker://${target.host}/proxy/restart:1` },
      {},
      (event) => {
        if (event.type === "blob" && event.state === "copying") restarted ??= restart()
      },
    )
    await restarted
    expect(outcome.error).toBeUndefined()
    expect(restarted).toBeDefined()
    expect(events.some((event) => event.type === "blob" && event.state === "retrying")).toBe(true)
    expect((await target.client.manifest("proxy/restart", "1"))?.digest).toBe(outcome.digest)
    expect(await names()).toEqual([""])
  })
})
