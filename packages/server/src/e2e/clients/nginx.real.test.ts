import { open, readdir } from "node:fs/promises"
import { join } from "node:path"
import { contentBytes, digestOf, image, needs } from "@entrepot/testing"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { cacheOf } from "./nginx-front.fixture.ts"
import { type KeptName, kept, type NginxScene, nginxScene, type Person } from "./nginx-scene.fixture.ts"

const layerOf = (name: KeptName) => [...kept[name].blobs.keys()].at(-1) ?? ""

/** Everything that can be asked of an image, by one who knows its digests. */
function waysTo(name: KeptName): readonly (readonly [method: string, path: string, headers: Record<string, string>])[] {
  const paths = [`blobs/${layerOf(name)}`, `manifests/${kept[name].descriptor.digest}`, "manifests/1", "tags/list"]
  return paths.flatMap((path) => [
    ["GET", `/v2/${name}/${path}`, {}] as const,
    ["HEAD", `/v2/${name}/${path}`, {}] as const,
    ["GET", `/v2/${name}/${path}`, { range: "bytes=0-99" }] as const,
  ])
}

/** As if so many seconds had gone by for everything that nginx keeps: each file begins with a version and the time until which it is true. */
async function letTimePass(directory: string, seconds: number): Promise<readonly number[]> {
  const lifetimes: number[] = []
  for (const entry of await readdir(cacheOf(directory), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const file = await open(join(entry.parentPath, entry.name), "r+")
    const field = Buffer.alloc(8)
    await file.read(field, 0, 8, 8)
    const until = Number(field.readBigInt64LE())
    lifetimes.push(until - Math.floor(Date.now() / 1000))
    field.writeBigInt64LE(BigInt(until - seconds))
    await file.write(field, 0, 8, 8)
    await file.close()
  }
  return lifetimes
}

describe.skipIf(needs("nginx"))("nginx as docker/nginx.conf has it", () => {
  let scene: NginxScene
  beforeAll(async () => {
    scene = await nginxScene()
  })
  afterAll(async () => {
    await scene?.[Symbol.asyncDispose]()
  })

  const get = (person: Person, name: KeptName, path: string) => scene.ask(person, "GET", `/v2/${name}/${path}`)

  test("S6: nobody is served what only others may pull, whoever has pulled it before", async () => {
    const allowed: Readonly<Record<KeptName, readonly Person[]>> = {
      "team/app": ["ann"],
      "library/paid": ["ann", "ben"],
      "open/app": ["ann", "ben", "nobody"],
      "library/free": ["ann", "ben", "nobody"],
    }
    for (const name of ["team/app", "library/paid", "open/app", "library/free"] as const) {
      for (const person of ["ann", "ben", "nobody", "ann", "nobody"] as const) {
        for (const [method, path, headers] of waysTo(name)) {
          const { status, headers: answered } = await scene.ask(person, method, path, headers)
          const isAllowed = allowed[name].includes(person)
          const expected = isAllowed ? [200, 206] : [person === "nobody" ? 401 : 403]
          expect(expected, `${person} ${method} ${path}`).toContain(status)
          const isPublic = allowed[name].includes("nobody")
          if (!isPublic) expect([path, answered["x-cache-status"]]).not.toEqual([path, "HIT"])
        }
      }
    }
  })

  test.for(["open/app", "library/free"] as const)("what anybody may read of %s is served without the server", async (name) => {
    const paths = [`blobs/${layerOf(name)}`, `manifests/${kept[name].descriptor.digest}`]
    for (const path of paths) await get("ann", name, path)
    await scene.admin.ask("DELETE", "/api/logs")
    scene.behind.clear()
    for (const person of ["nobody", "ben", "ann"] as const) {
      for (const path of paths) {
        const { status, headers, body } = await get(person, name, path)
        expect([status, headers["x-cache-status"]]).toEqual([200, "HIT"])
        expect(digestOf(body)).toBe(path.split("/")[1])
      }
    }
    expect(scene.behind.requests).toEqual([])
    const { logs } = (await scene.admin.ask("GET", "/api/logs?action=pull")).json() as { readonly logs: readonly unknown[] }
    expect(logs).toEqual([])
  })

  test("a push of any size goes through, and many cold clients are one request to the upstream", async () => {
    const large = image({ seed: "large", layers: [{ sizeBytes: 12_000_000 }] })
    await scene.pusher.push("open/large:1", large)
    expect(await scene.pusher.holds("open/large:1", large)).toBe(true)

    const cold = image({ seed: "cold", layers: [{ sizeBytes: 8_000_000 }] })
    scene.hub.add("library/free/cold:1", cold)
    const layer = [...cold.blobs.keys()].at(-1) ?? ""
    const path = `/v2/library/free/cold/blobs/${layer}`
    await scene.ask("nobody", "GET", "/v2/library/free/cold/manifests/1")
    const answers = await Promise.all(Array.from({ length: 8 }, () => scene.ask("nobody", "GET", path)))
    expect(answers.map(({ status, body }) => [status, digestOf(body)])).toEqual(answers.map(() => [200, layer]))
    const asked = scene.hub.matching("GET blob").filter((request) => request.path.includes(layer))
    const bytes = asked.reduce((sum, { bytesOut }) => sum + bytesOut, 0)
    // Once, and what a connection had under way when another took a part over.
    expect(bytes).toBeGreaterThanOrEqual(8_000_000)
    expect(bytes).toBeLessThan(8_000_000 + 2 * 1024 * 1024)
  })

  test("a client's own X-Forwarded-Host leads nobody to another registry", async () => {
    const other = image({ seed: "other registry" })
    scene.hub.add("elsewhere/library/free/host:1", other)
    scene.hub.add("library/free/host:1", kept["library/free"])
    const upstream = { name: "other", registry: "other.example", url: scene.hub.origin, pathPrefix: "elsewhere" }
    await scene.admin.call("mutation", "upstreams.create", { ...upstream, virtualHosts: ["other.example"] })
    await scene.admin.call("mutation", "accessRules.create", { effect: "allow", prefix: "other.example" })
    const path = "/v2/library/free/host/manifests/1"
    const digests: unknown[] = []
    for (const headers of [{ "x-forwarded-host": "other.example" }, {}, { host: "other.example" }, {}] as const) {
      digests.push((await scene.ask("nobody", "GET", path, { ...headers })).headers["docker-content-digest"])
    }
    const { digest } = kept["library/free"].descriptor
    expect(digests).toEqual([digest, digest, other.descriptor.digest, digest])
  })

  test("S6: what is taken back is served for ten minutes at most, by tag for as long as tags are believed", async () => {
    const asked = ["open/app", "library/free"] as const
    const statuses = async (person: Person, path: (name: KeptName) => string) =>
      Promise.all(asked.map(async (name) => (await get(person, name, path(name))).status))
    const byTag = () => "manifests/1"
    const blob = (name: KeptName) => `blobs/${layerOf(name)}`
    expect([await statuses("nobody", blob), await statuses("nobody", byTag)]).toEqual([
      [200, 200],
      [200, 200],
    ])
    await letTimePass(scene.front.directory, 601)
    scene.behind.clear()
    for (const expected of ["REVALIDATED", "HIT"]) {
      for (const name of asked) {
        const { status, headers } = await get("nobody", name, blob(name))
        expect([status, headers["x-cache-status"], scene.behind.bytesOut()]).toEqual([200, expected, 0])
      }
    }

    await scene.admin.call("mutation", "projects.update", { id: scene.projects.open, isPublic: false })
    await scene.admin.call("mutation", "accessRules.create", { effect: "deny", prefix: "library/free" })
    await expect.poll(() => statuses("nobody", byTag), { timeout: 20_000 }).toEqual([401, 403])

    expect(await statuses("nobody", blob)).toEqual([200, 200])
    // nginx counts whole seconds, and serves through the last of them.
    const lifetimes = await letTimePass(scene.front.directory, 601)
    expect(Math.max(...lifetimes)).toBeLessThanOrEqual(600)
    expect(Math.max(...lifetimes)).toBeGreaterThan(0)
    expect(await statuses("nobody", blob)).toEqual([401, 403])
    // That somebody may still read it makes nothing public again.
    const { status, headers } = await get("ann", "open/app", blob("open/app"))
    expect([status, headers["x-cache-status"]]).toEqual([200, "REVALIDATED"])
    expect(await statuses("nobody", blob)).toEqual([401, 403])
  })
})

describe.skipIf(needs("nginx"))("nginx that sends blobs itself", () => {
  test("S6: takes them from the disk, whole or in part, for those alone whom the server lets in", async () => {
    await using scene = await nginxScene({ REGISTRY_SENDFILE: "x-accel-redirect:/entrepot-blobs" })
    for (const [name, people] of [
      ["team/app", ["ann"]],
      ["open/app", ["nobody", "ben"]],
      ["library/paid", ["ann", "ben"]],
    ] as const) {
      const layer = layerOf(name)
      const content = kept[name].blobs.get(layer)
      const bytes = content === undefined ? Buffer.alloc(0) : contentBytes(content)
      const path = `/v2/${name}/blobs/${layer}`
      // What is read through is on the disk soon after its last byte was sent.
      await expect
        .poll(
          async () => {
            scene.behind.clear()
            await scene.ask(people[0], "GET", path)
            return scene.behind.bytesOut("GET blob")
          },
          { timeout: 30_000 },
        )
        .toBe(0)
      scene.behind.clear()
      for (const person of people) {
        const whole = await scene.ask(person, "GET", path)
        expect([whole.status, whole.body.equals(bytes)]).toEqual([200, true])
        expect(whole.headers).toMatchObject({
          "content-type": "application/octet-stream",
          "docker-content-digest": layer,
          etag: `"${layer}"`,
          "x-content-type-options": "nosniff",
          "accept-ranges": "bytes",
          "cache-control": name === "open/app" ? "public, max-age=31536000, s-maxage=600, immutable" : "private, no-store",
        })
        const part = await scene.ask(person, "GET", path, { range: "bytes=1000000-1000099" })
        expect([part.status, part.headers["content-range"]]).toEqual([206, `bytes 1000000-1000099/${bytes.length}`])
        expect(part.body.equals(bytes.subarray(1_000_000, 1_000_100))).toBe(true)
        const head = await scene.ask(person, "HEAD", path)
        expect([head.status, head.headers["content-length"]]).toEqual([200, String(bytes.length)])
      }
      expect([name, scene.behind.count("GET blob"), scene.behind.bytesOut()]).toEqual([name, 2 * people.length, 0])
    }
    for (const [person, status] of [
      ["ben", 403],
      ["nobody", 401],
    ] as const) {
      expect((await scene.ask(person, "GET", `/v2/team/app/blobs/${layerOf("team/app")}`)).status).toBe(status)
    }
    const [algorithm, hex = ""] = layerOf("team/app").split(":")
    for (const path of [`blobs/${algorithm}/${hex.slice(0, 2)}/${hex}`, ""]) {
      expect((await scene.ask("ann", "GET", `/entrepot-blobs/${path}`)).status).toBe(404)
    }
  })
})
