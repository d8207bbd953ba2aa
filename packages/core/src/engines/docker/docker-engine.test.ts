import { existsSync } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { credentials } from "../../http/credentials/credentials.ts"
import type { OutcomeEvent, TransferEvent } from "../../transfer/events.ts"
import type { CopyRequest } from "../engine.ts"
import { createDockerEngine, type DockerEngineOptions } from "./index.ts"

type Route = (incoming: IncomingMessage, outgoing: ServerResponse) => void

interface RecordedDaemon extends AsyncDisposable {
  readonly socketPath: string
  /** Method and path of everything that was asked. */
  readonly asked: string[]
  readonly auths: (string | undefined)[]
  routes: Readonly<Record<string, Route>>
}

/** A Docker API that answers what a real one was recorded to answer, on a socket of its own. Unknown paths are closed, as by a proxy (S20). */
async function recordedDaemon(routes: Readonly<Record<string, Route>>): Promise<RecordedDaemon> {
  const directory = await mkdtemp(join(tmpdir(), "docker-api-"))
  const socketPath = join(directory, "docker.sock")
  const asked: string[] = []
  const auths: (string | undefined)[] = []
  const daemon = { socketPath, asked, auths, routes }
  const server = createServer((incoming, outgoing) => {
    const [path = ""] = (incoming.url ?? "").split("?")
    const key = `${incoming.method} ${path}`
    asked.push(key)
    const auth = incoming.headers["x-registry-auth"]
    if (typeof auth === "string") auths.push(Buffer.from(auth, "base64url").toString())
    const route = Object.entries(daemon.routes).find(([start]) => key.startsWith(start))?.[1]
    ;(route ?? closed)(incoming, outgoing)
  })
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  return Object.assign(daemon, {
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await rm(directory, { recursive: true })
    },
  })
}

const closed: Route = (_incoming, outgoing) =>
  void outgoing.writeHead(403, { "content-type": "text/html" }).end("<h1>403 Forbidden</h1>")
const json =
  (status: number, body: unknown): Route =>
  (_incoming, outgoing) =>
    void outgoing.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body))
const lines =
  (...messages: readonly unknown[]): Route =>
  (_incoming, outgoing) =>
    void outgoing.writeHead(200).end(messages.map((message) => `${JSON.stringify(message)}\n`).join(""))

const digest = `sha256:${"2a".repeat(32)}`
const pushed = `sha256:${"20".repeat(32)}`
const image = { Id: `sha256:${"95".repeat(32)}`, Os: "linux", Architecture: "amd64", RepoTags: [], RepoDigests: [] }
const noSuchImage = json(404, { message: "No such image" })
const pullOf = lines({ status: "Pulling from one", id: "1" }, { status: `Digest: ${digest}` }, { status: "Status: Downloaded" })
const pushOf = lines({ status: "Preparing", id: "5f70bf18a086" }, { aux: { Tag: "1", Digest: pushed, Size: 733 } })

/** Inspect says "no such image" once for each name, then it is there. */
function inspectAfterPull(): Route {
  const seen = new Set<string>()
  return (incoming, outgoing) => {
    const url = incoming.url ?? ""
    const route = seen.has(url) ? json(200, image) : noSuchImage
    seen.add(url)
    route(incoming, outgoing)
  }
}

function whole(): Record<string, Route> {
  return {
    "GET /_ping": (_incoming, outgoing) => void outgoing.end("OK"),
    "POST /images/create": pullOf,
    "POST /images/r.example/proxy/one/push": pushOf,
    "POST /images/": (_incoming, outgoing) => void outgoing.writeHead(201).end(),
    "GET /images/json": closed,
    "GET /images/": inspectAfterPull(),
    "DELETE /images/": json(200, []),
  }
}

const request: CopyRequest = { source: "docker://s.example/one:1", target: "docker://r.example/proxy/one:1" }

async function run(
  daemon: { readonly socketPath: string },
  options: DockerEngineOptions = {},
  asked: CopyRequest = request,
): Promise<{ events: TransferEvent[]; outcome: OutcomeEvent }> {
  const engine = createDockerEngine({
    connection: { socketPath: daemon.socketPath },
    retryMinMs: 1,
    retryMaxMs: 2,
    reconnectMs: 200,
    ...options,
  })
  const events: TransferEvent[] = []
  for await (const event of engine.copy(asked)) events.push(event)
  const outcome = events.at(-1)
  if (outcome?.type !== "outcome") throw new Error("no outcome at the end")
  return { events, outcome }
}

const stagesOf = (events: readonly TransferEvent[]) =>
  events.flatMap((event) => (event.type === "stage" ? [`${event.stage} ${event.state}`] : []))

describe("the Docker engine before an API that is closed but for the endpoints it needs", () => {
  it("pulls by tag, tags, pushes and cleans, and hands each registry its own credentials", async () => {
    await using daemon = await recordedDaemon(whole())
    const known = { "s.example": ["sam", "source-pw"], "r.example": ["ron", "target-pw"] } as const
    const { events, outcome } = await run(daemon, {
      credentials: async (host) => {
        const [username, password] = known[host as keyof typeof known]
        return credentials({ username, password })
      },
    })
    expect(outcome).toMatchObject({
      outcome: "succeeded",
      digest: pushed,
      source: "s.example/one:1",
      target: "r.example/proxy/one:1",
    })
    expect(stagesOf(events)).toEqual(
      ["prepare", "pull", "tag", "push", "clean"].flatMap((stage) => [`${stage} started`, `${stage} finished`]),
    )
    expect(daemon.asked).toEqual([
      "GET /_ping",
      "GET /images/json",
      "GET /distribution/s.example/one:1/json",
      "GET /images/s.example/one:1/json",
      "POST /images/create",
      "GET /images/s.example/one:1/json",
      "GET /images/r.example/proxy/one:1/json",
      `POST /images/${image.Id}/tag`,
      "POST /images/r.example/proxy/one/push",
      "GET /distribution/r.example/proxy/one:1/json",
      "DELETE /images/r.example/proxy/one:1",
      "DELETE /images/s.example/one:1",
      `GET /images/${image.Id}/json`,
    ])
    expect(new Set(daemon.auths)).toEqual(
      new Set([
        '{"username":"sam","password":"source-pw","serveraddress":"s.example"}',
        '{"username":"ron","password":"target-pw","serveraddress":"r.example"}',
      ]),
    )
    expect(JSON.stringify(events)).not.toContain("-pw")
  })
})

describe("the Docker engine", () => {
  it("takes an errorDetail inside a 200 stream for a failure (fault 47)", async () => {
    await using daemon = await recordedDaemon({
      ...whole(),
      "POST /images/r.example/proxy/one/push": lines(
        { status: "Preparing", id: "5f70bf18a086" },
        { errorDetail: { message: "denied: requested access to the resource is denied" }, error: "denied: …" },
      ),
    })
    const { outcome } = await run(daemon)
    expect(outcome.outcome).toBe("failed")
    expect(outcome.error).toEqual({
      code: "forbidden",
      message: "Docker: denied: requested access to the resource is denied",
      side: "target",
      host: "r.example",
    })
    expect(daemon.asked.slice(-2)).toEqual(["DELETE /images/r.example/proxy/one:1", "DELETE /images/s.example/one:1"])
  })

  it.each([
    ["pull", "POST /images/create"],
    ["push", "POST /images/r.example/proxy/one/push"],
  ])("takes the end of a %s without a digest for a failure, after trying again (fault 47)", async (what, path) => {
    await using daemon = await recordedDaemon({
      [path]: lines({ status: "Waiting", id: "5f70bf18a086" }),
      ...without(whole(), path),
    })
    const { outcome } = await run(daemon, { retryAttempts: 3 })
    expect(outcome.error).toMatchObject({
      code: "docker_unavailable",
      side: "local",
      message: `the Docker daemon ended the ${what} without a result`,
    })
    expect(daemon.asked.filter((each) => each === path)).toHaveLength(3)
  })

  it("takes a push that the registry does not confirm for a failure (fault 47)", async () => {
    const other = `sha256:${"0e".repeat(32)}`
    await using daemon = await recordedDaemon({
      "GET /distribution/r.example": json(200, { Descriptor: { digest: other, mediaType: "application/json", size: 9 } }),
      ...whole(),
    })
    const { outcome } = await run(daemon)
    expect(outcome.outcome).toBe("failed")
    expect(outcome.error).toMatchObject({
      code: "digest_mismatch",
      side: "target",
      host: "r.example",
      message: `Docker pushed ${pushed}, but r.example/proxy/one:1 is ${other}`,
    })
    expect(daemon.asked.filter((each) => each.startsWith("DELETE"))).toEqual([
      "DELETE /images/r.example/proxy/one:1",
      "DELETE /images/s.example/one:1",
    ])
  })

  it("goes on when the stream of a pull is cut and the daemon comes back (fault 46)", async () => {
    let pulls = 0
    await using daemon = await recordedDaemon({
      ...whole(),
      "POST /images/create": (incoming, outgoing) => {
        pulls += 1
        if (pulls > 1) return pullOf(incoming, outgoing)
        outgoing.writeHead(200).write('{"status":"Downloading","id":"2fcb079115ee","progressDetail":{"current":5,"total":9}}\n')
        setImmediate(() => outgoing.destroy())
      },
    })
    const { events, outcome } = await run(daemon)
    expect(outcome.outcome).toBe("succeeded")
    expect(pulls).toBe(2)
    expect(events.flatMap((event) => (event.type === "blob" && event.label === "2fcb079115ee" ? [event.state] : []))).toEqual([
      "copying",
      "retrying",
    ])
  })

  it("understands a pull that is refused before its stream begins", async () => {
    await using daemon = await recordedDaemon({
      ...whole(),
      "POST /images/create": json(404, { message: "manifest for s.example/one:1 not found: manifest unknown: manifest unknown" }),
    })
    const { outcome } = await run(daemon)
    expect(outcome.error).toEqual({
      code: "not_found",
      message: "Docker: manifest for s.example/one:1 not found: manifest unknown: manifest unknown",
      side: "source",
      host: "s.example",
    })
  })

  it("breaks off a pull that tells nothing any more", async () => {
    await using daemon = await recordedDaemon({
      ...whole(),
      "POST /images/create": (_incoming, outgoing) => void outgoing.writeHead(200).write('{"status":"Pulling","id":"1"}\n'),
    })
    const { outcome } = await run(daemon, { idleTimeoutMs: 50, retryAttempts: 1 })
    expect(outcome.error).toEqual({
      code: "network",
      message: "Docker: nothing moved for 0 s",
      side: "source",
      host: "s.example",
    })
  })

  it("takes nothing away while another copy of the same image still needs it", async () => {
    await using daemon = await recordedDaemon(whole())
    const engine = createDockerEngine({ connection: { socketPath: daemon.socketPath } })
    const copy = async (target: string) => {
      for await (const event of engine.copy({ ...request, target })) if (event.type === "outcome") return event.outcome
      return undefined
    }
    daemon.routes = { "POST /images/r.example/proxy/two/push": pushOf, ...daemon.routes }
    const both = [copy("docker://r.example/proxy/one:1"), copy("docker://r.example/proxy/two:1")]
    expect(await Promise.all(both)).toEqual(["succeeded", "succeeded"])
    expect(daemon.asked.filter((each) => each === "DELETE /images/s.example/one:1")).toHaveLength(1)
    expect(daemon.asked.findLastIndex((each) => each.endsWith("/push"))).toBeLessThan(
      daemon.asked.indexOf("DELETE /images/s.example/one:1"),
    )
  })

  it("does not wait for an answer that never comes", async () => {
    await using daemon = await recordedDaemon({ ...whole(), "GET /_ping": () => undefined })
    const { outcome } = await run(daemon, { answerTimeoutMs: 50 })
    expect(outcome.error).toMatchObject({ code: "docker_unavailable", side: "local" })
  })

  it("says that the daemon is dead, at once and without a stack", async () => {
    const { events, outcome } = await run({ socketPath: "/nowhere/docker.sock" })
    expect(outcome.error).toEqual({
      code: "docker_unavailable",
      message: "the Docker daemon at unix:///nowhere/docker.sock does not answer (ENOENT)",
      side: "local",
      host: "unix:///nowhere/docker.sock",
      hint: "start the Docker daemon, or use the direct engine, which needs no Docker",
    })
    expect(stagesOf(events)).toEqual(["prepare started"])
  })

  it("tells wrong credentials of the target before it pulls", async () => {
    await using daemon = await recordedDaemon({
      ...whole(),
      "GET /distribution/s.example/": json(200, { Descriptor: { mediaType: "m", digest, size: 1 }, Platforms: [] }),
      "GET /distribution/r.example/": json(500, { message: 'Head "http://r.example/v2/": no basic auth credentials' }),
    })
    const { outcome } = await run(daemon)
    expect(outcome.error).toMatchObject({ code: "unauthorized", side: "target", host: "r.example" })
    expect(daemon.asked).not.toContain("POST /images/create")
  })

  it("does nothing when the target has exactly this already, unless forced", async () => {
    const same = json(200, {
      Descriptor: { mediaType: "m", digest, size: 1 },
      Platforms: [{ os: "linux", architecture: "amd64" }],
    })
    await using daemon = await recordedDaemon({ ...whole(), "GET /distribution/": same })
    const { events, outcome } = await run(daemon)
    expect(outcome.outcome).toBe("unchanged")
    expect(events.find((event) => event.type === "plan")).toMatchObject({ digest, unchanged: true, platforms: ["linux/amd64"] })
    expect(daemon.asked).not.toContain("POST /images/create")
    await run(daemon, {}, { ...request, forceUpload: true })
    expect(daemon.asked).toContain("POST /images/create")
  })

  it("refuses places, platforms and targets that a daemon cannot serve", async () => {
    const refused = async (asked: Partial<CopyRequest>) =>
      (await run({ socketPath: "/nowhere" }, {}, { ...request, ...asked })).outcome.error
    expect(await refused({ source: "oci:/tmp/x" })).toMatchObject({
      code: "unsupported",
      message: "the Docker engine cannot use oci:/tmp/x",
    })
    const arm = { os: "linux", architecture: "arm64" }
    expect(await refused({ platforms: [arm, { ...arm, architecture: "amd64" }] })).toMatchObject({
      code: "unsupported",
      message: "the Docker engine copies one platform of an image",
    })
    expect(await refused({ target: `docker://r.example/x@${digest}` })).toMatchObject({ code: "usage" })
  })

  it("gives names to no shell (S14)", async () => {
    const marker = join(tmpdir(), `entrepot-shell-${process.pid}`)
    for (const name of [
      `x;touch ${marker}`,
      `$(touch ${marker})`,
      `\`touch ${marker}\``,
      `x|touch ${marker}`,
      `--${marker}`,
      `x\ntouch ${marker}`,
    ]) {
      const { outcome } = await run({ socketPath: "/nowhere" }, {}, { ...request, source: `docker://${name}` })
      expect(outcome.error?.code, name).toBe("reference_invalid")
    }
    expect(existsSync(marker)).toBe(false)
  })
})

function without(routes: Record<string, Route>, key: string): Record<string, Route> {
  return Object.fromEntries(Object.entries(routes).filter(([each]) => each !== key))
}
