import { contentBytes } from "@entrepot/testing"
import { expect, test } from "vitest"
import { basic, layerOf, ownImage, rightsScene, secretImage } from "./rights-scene.fixture.ts"

const layer = layerOf(secretImage)
const { digest } = secretImage.descriptor
const manifestType = "application/vnd.oci.image.manifest.v1+json"
const indexType = "application/vnd.oci.image.index.v1+json"

/** Bea pushes to `mine`, owner to all; `secret/app:v1` is pushed. */
async function start() {
  const scene = await rightsScene()
  const owner = (await scene.key("first", "admin", ["admin"])).authorization
  const bea = await scene.key("bea", "operator", ["push"])
  await scene.member("mine", "web-user", bea.userId, "admin")
  await scene.client(owner).push("secret/app:v1", secretImage)
  await scene.client(bea.authorization).push("mine/app:v1", ownImage)
  const ask = (method: string, path: string, body?: Buffer | string, type?: string) =>
    scene.ask(method, path, bea.authorization, body, type)
  const status = async (method: string, path: string, body?: Buffer | string, type?: string) =>
    (await ask(method, path, body, type)).status
  /** Every way to the secret layer and manifest through what Bea may read. */
  const reaches = async () => {
    const found: string[] = []
    for (const repository of ["mine/app", "mine/new", "open/app"]) {
      for (const method of ["GET", "HEAD"]) {
        for (const path of [`blobs/${layer}`, `manifests/${digest}`]) {
          const answer = await status(method, `/v2/${repository}/${path}`)
          if (answer !== 404) found.push(`${method} ${repository}/${path} ${answer}`)
        }
      }
    }
    return found
  }
  return { ...scene, owner, bea: bea.authorization, askAs: scene.ask, ask, status, reaches }
}

test("S6: whoever knows a digest gets its bytes by no trick, before having sent them", async () => {
  const { ask, status, reaches, client, bea, owner } = await start()
  expect(await reaches()).toEqual([])
  const uploads = "/v2/mine/app/blobs/uploads/"
  for (const query of [
    `mount=${layer}`,
    `mount=${layer}&from=secret/app`,
    `mount=${layer}&from=secret%2Fapp`,
    `mount=${layer}&from=mine/app`,
  ])
    expect([query, await status("POST", `${uploads}?${query}`)]).toEqual([query, 202])
  for (const body of ["", "x", contentBytes([...ownImage.blobs.values()].at(-1) ?? neverMade()).subarray(0, 3000)])
    expect(await status("POST", `${uploads}?digest=${layer}`, Buffer.from(body))).toBe(400)
  for (const parts of [[], ["x"]]) {
    const { headers } = await ask("POST", uploads)
    const location = headers.get("location") ?? ""
    for (const part of parts) expect(await status("PATCH", location, part)).toBe(202)
    expect(await status("PUT", `${location}?digest=${layer}`)).toBe(400)
  }
  expect(await reaches()).toEqual([])

  const own = [...ownImage.blobs.keys()]
  const descriptor = (mediaType: string, of: string, size: number) => ({ mediaType, digest: of, size })
  const config = descriptor(
    "application/vnd.oci.image.config.v1+json",
    own[0] ?? "",
    contentBytes(ownImage.blobs.get(own[0] ?? "") ?? neverMade()).length,
  )
  const manifest = (rest: object) => JSON.stringify({ schemaVersion: 2, mediaType: manifestType, config, layers: [], ...rest })
  const gzip = "application/vnd.oci.image.layer.v1.tar+gzip"
  const foreign = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"
  const dockerForeign = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
  const naming: readonly (readonly [string, string, number])[] = [
    [manifestType, manifest({ layers: [descriptor(gzip, layer, 3000)] }), 404],
    [manifestType, manifest({ layers: [descriptor(foreign, layer, 3000)] }), 201],
    [manifestType, manifest({ layers: [{ ...descriptor(dockerForeign, layer, 3000), urls: ["http://127.0.0.1:9/x"] }] }), 201],
    [manifestType, manifest({ subject: descriptor(manifestType, digest, 500) }), 201],
    [
      indexType,
      JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests: [descriptor(manifestType, digest, 500)] }),
      404,
    ],
    [
      "application/x-of-our-own",
      JSON.stringify({ blob: layer, config: descriptor(gzip, layer, 3000), layers: [descriptor(gzip, layer, 3000)] }),
      0,
    ],
  ]
  for (const [type, text, expected] of naming) {
    const answer = await ask("PUT", "/v2/mine/app/manifests/trick", text, type)
    if (expected !== 0) expect([text, answer.status]).toEqual([text, expected])
    expect(await reaches()).toEqual([])
    expect(await status("POST", `/v2/mine/new/blobs/uploads/?mount=${layer}&from=mine/app`)).toBe(202)
    expect(await reaches()).toEqual([])
  }
  expect(await status("PUT", `/v2/mine/app/manifests/${digest}`, secretImage.manifest, secretImage.descriptor.mediaType)).toBe(
    404,
  )
  expect((await ask("GET", `/v2/mine/app/referrers/${digest}`)).text).not.toContain(layer)
  expect((await ask("GET", "/v2/_catalog")).text).not.toContain("secret")

  // The bytes themselves are what it takes, and then they are Bea's own, whatever becomes of the other's.
  await client(bea).push("mine/app:mine-now", secretImage)
  expect((await client(bea).blob("mine/app", layer))?.length).toBe(3000)
  const secret = client(owner)
  expect((await secret.request("DELETE", `/v2/secret/app/blobs/${layer}`)).status).toBe(202)
  expect(await secret.blob("secret/app", layer)).toBeUndefined()
  expect((await client(bea).blob("mine/app", layer))?.length).toBe(3000)
  await client(bea).push("mine/again:v1", secretImage)
  // CVE-2026-35172: what was deleted is not readable again because somebody else has it.
  expect(await secret.blob("secret/app", layer)).toBeUndefined()
})

test("S6: an upload of one repository is unknown in every other", async () => {
  const { ask, askAs, owner } = await start()
  const { headers } = await askAs("POST", "/v2/secret/app/blobs/uploads/", owner)
  const id = headers.get("docker-upload-uuid") ?? ""
  await askAs("PATCH", `/v2/secret/app/blobs/uploads/${id}`, owner, "secret bytes")
  const names = [id, id.toUpperCase(), `..%2f${id}`, "..%2f..%2fsha256", `${id}%00`, `${id};x`, "a".repeat(4000)]
  for (const name of names) {
    for (const [method, query] of [
      ["GET", ""],
      ["PATCH", ""],
      ["PUT", `?digest=${layer}`],
      ["DELETE", ""],
    ] as const) {
      const answer = await ask(method, `/v2/mine/app/blobs/uploads/${name}${query}`, method === "PATCH" ? "x" : undefined)
      expect([method, name, answer.status]).toEqual([method, name, 404])
      expect(answer.text).toContain("BLOB_UPLOAD_UNKNOWN")
    }
  }
  const there = await askAs("GET", `/v2/secret/app/blobs/uploads/${id}`, owner)
  expect(there.headers.get("range")).toBe("0-11")
})

test("S6: a repository of an upstream serves what the upstream says is its own, and a denied one nothing", async () => {
  const { client, ask, token, hub, pullUser, status } = await start()
  await pullUser("ann")
  const ann = client(basic("ann", "password of ann"))
  expect((await ann.blob("library/paid", layer))?.length).toBe(3000)
  hub.add("library/other:1", ownImage)
  hub.add("library/free:2", ownImage)
  for (const name of ["library/other", "docker.io/library/other", "other"]) {
    expect([name, await ann.blob(name, layer)]).toEqual([name, undefined])
    expect([name, await ann.manifest(name, digest)]).toEqual([name, undefined])
  }
  // Whitelisted and denied: denied, under every spelling, for everybody, with every credential.
  const anonymous = client(undefined)
  const shown = [
    undefined,
    basic("ann", "password of ann"),
    basic("ci", "account pw"),
    await token(basic("ci", "account pw"), "repository:denied/app:pull"),
  ]
  for (const name of ["denied/app", "docker.io/denied/app", "index.docker.io/denied/app", "registry-1.docker.io/denied/app"]) {
    for (const authorization of shown) {
      for (const path of [`manifests/1`, `manifests/${digest}`, `blobs/${layer}`, "tags/list", `referrers/${digest}`]) {
        const { status: given } = await client(authorization).request("GET", `/v2/${name}/${path}`)
        expect([name, authorization, path, given]).toEqual([name, authorization, path, 403])
      }
    }
  }
  expect((await anonymous.manifest("library/free", "1"))?.digest).toBe(digest)
  for (const name of ["library/freeze", "library/free-x", "free/x/y", "library/paid", "xlibrary/free", "library"]) {
    expect([name, (await anonymous.request("GET", `/v2/${name}/manifests/1`)).status]).toEqual([name, 401])
  }
  expect(await status("GET", "/v2/library/free/tags/list")).toBe(200)
  expect((await ask("GET", "/v2/library/paid/manifests/1")).status).toBe(200)
})

function neverMade(): never {
  throw new Error("the image was not made")
}
