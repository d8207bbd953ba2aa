import { mkdtemp, readdir, rm } from "node:fs/promises"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, it } from "vitest"
import { parseReference } from "../../reference/index.ts"
import { tarOf } from "../archive/tar.fixture.ts"
import { makeContractImage, putContractImage } from "../contract-image.fixture.ts"
import { savedImage, savedManifest } from "../docker-archive/docker-save.fixture.ts"
import { parseLocation } from "../location.ts"
import { openSource } from "../open-store.ts"
import { openDockerDaemon } from "./docker-daemon-source.ts"
import { createDockerDaemonTarget } from "./docker-daemon-target.ts"

type Handler = (request: IncomingMessage, response: ServerResponse) => void

let directory: string
let socketPath: string
const servers: ReturnType<typeof createServer>[] = []
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "daemon-"))
  socketPath = join(directory, "docker.sock")
})
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  await rm(directory, { recursive: true })
})

/** A daemon of which only the API is there. Keys are the ends of paths. */
async function startDaemon(handlers: Readonly<Record<string, Handler>>): Promise<string[]> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = request.url?.split("?")[0] ?? ""
    asked.push(`${request.method} ${path}`)
    const handler = Object.entries({ "/_ping": (_: IncomingMessage, r: ServerResponse) => r.end("OK"), ...handlers }).find(
      ([end]) => path.endsWith(end),
    )?.[1]
    if (handler) handler(request, response)
    else response.writeHead(404).end('{"message":"no such image"}')
  })
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(socketPath, resolve))
  return asked
}

const json = (value: unknown): Handler => {
  return (request, response) => {
    request.resume()
    request.on("end", () => response.writeHead(200, { "content-type": "application/json" }).end(`${JSON.stringify(value)}\r\n`))
  }
}

const nginx = parseReference("nginx")

it("says that a dead daemon is dead, for reading and for writing", async () => {
  const expected = {
    code: "docker_unavailable",
    message: `cannot reach the Docker daemon at unix://${socketPath}: ENOENT`,
    host: `unix://${socketPath}`,
    hint: "check that Docker runs, and that you may use its socket",
  }
  await expect(openDockerDaemon(nginx, { socketPath })).rejects.toMatchObject(expected)
  await expect(createDockerDaemonTarget(nginx, { socketPath }, directory)).rejects.toMatchObject(expected)
  expect(await readdir(directory)).toEqual([])
})

it("reads an image that the daemon saves, and keeps no file of it", async () => {
  const saved = savedImage("nginx:latest", ["layer"])
  const asked = await startDaemon({ "/get": (_, response) => response.end(tarOf(...saved.entries, savedManifest([saved]))) })
  const context = {
    http: { send: () => Promise.reject(new Error("not asked")), baseUrl: () => Promise.reject(new Error("not asked")) },
    cacheDirectory: directory,
    temporaryDirectory: directory,
    docker: { socketPath },
  }
  const { store, reference } = await openSource(parseLocation("docker-daemon:nginx"), context)
  expect(asked).toEqual(["GET /images/nginx:latest/get"])
  expect(store.display).toBe("docker-daemon:nginx:latest")
  expect(store.transport).toBe("docker-daemon")
  expect(await store.resolve(reference)).toBeDefined()
  await store.close()
  expect(await readdir(directory)).toEqual(["docker.sock"])
})

it("fails when the daemon breaks off while it saves", async () => {
  await startDaemon({
    "/get": (_, response) => {
      response.writeHead(200)
      response.write(Buffer.alloc(2000), () => response.destroy())
    },
  })
  await expect(openDockerDaemon(nginx, { socketPath }, { temporaryDirectory: directory })).rejects.toMatchObject({
    code: "docker_unavailable",
  })
  expect(await readdir(directory)).toEqual(["docker.sock"])
})

it("passes on what the daemon says of its own trouble", async () => {
  await startDaemon({ "/get": (_, response) => response.writeHead(500).end('{"message":"no space left on device"}') })
  await expect(openDockerDaemon(nginx, { socketPath })).rejects.toMatchObject({
    code: "docker_unavailable",
    status: 500,
    message: expect.stringMatching(/^the Docker daemon at .*docker\.sock failed with 500: .*no space left on device/),
  })
})

it("takes an error in the middle of a successful answer as a failure", async () => {
  await startDaemon({ "/images/load": json({ errorDetail: { message: "write /layer.tar: no space left on device" } }) })
  const target = await createDockerDaemonTarget(nginx, { socketPath }, directory)
  await putContractImage(target, makeContractImage(), "latest")
  await expect(target.finish()).rejects.toMatchObject({
    code: "docker_unavailable",
    message: "the Docker daemon could not load the image: write /layer.tar: no space left on device",
  })
  await target.close()
  expect(await readdir(directory)).toEqual(["docker.sock"])
})

it("makes sure that the name leads to the image that was loaded", async () => {
  const image = makeContractImage()
  const [config] = image.blobs
  let id = `sha256:${"0".repeat(64)}`
  await startDaemon({
    "/images/load": json({ stream: "Loaded image: nginx:latest" }),
    "/images/nginx:latest/json": (request, response) => json({ Id: id })(request, response),
    "/info": json({ Driver: "overlay2", DriverStatus: [["Backing Filesystem", "extfs"]] }),
  })
  const target = await createDockerDaemonTarget(nginx, { socketPath }, directory)
  await putContractImage(target, image, "latest")
  await expect(target.finish()).rejects.toMatchObject({
    code: "docker_unavailable",
    message: `the Docker daemon (overlay2) has ${id} as nginx:latest after loading ${config?.descriptor.digest}`,
  })
  id = config?.descriptor.digest ?? ""
  await target.finish()
  await target.close()
})

it("stops loading when it is cancelled", async () => {
  const stop = new AbortController()
  await startDaemon({
    "/images/load": (request) => {
      request.once("data", () => stop.abort())
    },
  })
  const target = await createDockerDaemonTarget(nginx, { socketPath }, directory)
  await putContractImage(target, makeContractImage({ layerBytes: [4_000_000] }), "latest")
  await expect(target.finish(stop.signal)).rejects.toMatchObject({ code: "cancelled" })
  await target.close()
})
