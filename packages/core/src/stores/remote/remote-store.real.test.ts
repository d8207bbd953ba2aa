import {
  type DockerRegistry,
  dockerRegistry,
  needs,
  type SigningTokenServer,
  signingTokenServer,
  testCa,
} from "@entrepot/testing"
import { describe, expect, test } from "vitest"
import { mediaTypes } from "../../content/media-types.ts"
import { isBlobUnknown, isTransferError } from "../../errors/transfer-error.ts"
import { PasswordCredentials } from "../../http/credentials/credentials.ts"
import { checkTarget } from "./check.ts"
import { blobOf, bodyOf, failureOf, imageOf, manifestOf, readAll, someBytes, testHttp } from "./remote.fixture.ts"
import { openRemote } from "./remote-store.ts"
import { listCatalog } from "./tags.ts"

const config = Buffer.from("{}")
const layer = someBytes(9_000_001)
const image = imageOf(config, layer)

describe.skipIf(needs("docker-registry"))("a remote over docker-registry", () => {
  test("an image goes in and comes out byte for byte", async () => {
    await using registry = await dockerRegistry()
    await using http = testHttp()
    const remote = openRemote({ host: registry.host, repository: "library/nginx", http, side: "target" })
    expect(await remote.hasBlob(blobOf(layer))).toBe(false)
    expect(await remote.resolve("latest")).toBeUndefined()
    const offsets: number[] = []
    await remote.putBlob(blobOf(config), bodyOf(config))
    await remote.putBlob(blobOf(layer), bodyOf(layer), { onProgress: (offset) => offsets.push(offset) })
    await remote.putManifest("latest", image)

    expect(offsets.at(-1)).toBe(layer.length)
    expect(await remote.hasBlob(blobOf(layer))).toBe(true)
    expect(await remote.resolve("latest")).toEqual({ ...image.descriptor })
    expect((await remote.getManifest("latest")).bytes.equals(image.bytes)).toBe(true)
    expect((await remote.getManifest(image.descriptor.digest)).descriptor.mediaType).toBe(mediaTypes.ociManifest)
    expect((await readAll(await remote.openBlob(blobOf(layer)))).equals(layer)).toBe(true)
    const part = await remote.openBlob(blobOf(layer), { from: 100, to: 300 })
    expect(part.offset).toBe(100)
    expect((await readAll(part)).equals(layer.subarray(100, 300))).toBe(true)
    await remote.deleteManifest(image.descriptor.digest)
    expect(await remote.resolve("latest")).toBeUndefined()
    const missing = await remote.getManifest("latest").catch((error: unknown) => error)
    expect(isTransferError(missing, "not_found")).toBe(true)
  })

  test("tags and repositories are listed over pages", async () => {
    await using registry = await dockerRegistry()
    await using http = testHttp()
    const remote = openRemote({ host: registry.host, repository: "a", http, side: "target" })
    expect(await remote.listTags()).toBeUndefined()
    await remote.putBlob(blobOf(config), bodyOf(config))
    await remote.putBlob(blobOf(layer), bodyOf(layer))
    const tags = Array.from({ length: 12 }, (_, index) => `v${index}`)
    for (const tag of tags) await remote.putManifest(tag, image)
    expect([...((await remote.listTags()) ?? [])].sort()).toEqual([...tags].sort())
    expect(await listCatalog(http, registry.host)).toEqual(["a"])
  })

  test("a mount from a sibling sends nothing; from a stranger it becomes an upload", async () => {
    await using registry = await dockerRegistry()
    await using http = testHttp()
    const base = openRemote({ host: registry.host, repository: "team/base", http, side: "target" })
    const app = openRemote({ host: registry.host, repository: "team/app", http, side: "target" })
    await base.putBlob(blobOf(layer), bodyOf(layer))
    expect(await app.mountBlob(blobOf(layer), "team/base")).toBe(true)
    expect(await app.hasBlob(blobOf(layer))).toBe(true)
    expect(await app.mountBlob(blobOf(config), "team/base")).toBe(false)
    const sent = http.requests.length
    await app.putBlob(blobOf(config), bodyOf(config))
    expect(http.requests.slice(sent).map(({ method }) => method)).toEqual(["PUT"])
    expect(await app.hasBlob(blobOf(config))).toBe(true)
  })

  test("a manifest whose blobs are missing is refused recognisably", async () => {
    await using registry = await dockerRegistry()
    await using http = testHttp()
    const remote = openRemote({ host: registry.host, repository: "a", http, side: "target" })
    expect(isBlobUnknown(await failureOf(remote.putManifest("v1", image)))).toBe(true)
    const index = manifestOf({ manifests: [image.descriptor] }, mediaTypes.ociIndex)
    expect(isBlobUnknown(await failureOf(remote.putManifest("v1", index)))).toBe(true)
  })

  test("referrers live under the tag that clients maintain", async () => {
    await using registry = await dockerRegistry()
    await using http = testHttp()
    const remote = openRemote({ host: registry.host, repository: "a", http, side: "target" })
    for (const bytes of [config, layer]) await remote.putBlob(blobOf(bytes), bodyOf(bytes))
    await remote.putManifest("v1", image)
    const signature = imageOf(config, layer, { subject: image.descriptor, artifactType: "application/vnd.sig" })
    await remote.putManifest(signature.descriptor.digest, signature)
    await remote.putManifest(signature.descriptor.digest, signature)
    expect(await remote.listReferrers(image.descriptor.digest)).toEqual([
      { ...signature.descriptor, artifactType: "application/vnd.sig" },
    ])
    expect(await remote.listReferrers(image.descriptor.digest, "application/vnd.other")).toEqual([])
  })

  test("deleting by tag is said to be unsupported", async () => {
    await using registry = await dockerRegistry()
    await using http = testHttp()
    const remote = openRemote({ host: registry.host, repository: "a", http, side: "target" })
    for (const bytes of [config, layer]) await remote.putBlob(blobOf(bytes), bodyOf(bytes))
    await remote.putManifest("v1", image)
    const error = await failureOf(remote.deleteManifest("v1"))
    expect(isTransferError(error, "unsupported")).toBe(true)
    expect(error.message).toBe(`${registry.host} deletes no tags`)
    expect(await remote.resolve("v1")).toEqual(image.descriptor)
  })
})

describe.skipIf(needs("docker-registry", "openssl"))("a remote behind a token server", () => {
  /** The token server stands on another port: both must be known to belong together. */
  function httpFor(registry: DockerRegistry, tokens: SigningTokenServer, password = "secret") {
    const realm = new URL(tokens.realm).host
    return testHttp({
      credentials: async () => new PasswordCredentials("ann", password),
      hosts: { [registry.host]: { plainHttp: true }, [realm]: { plainHttp: true } },
      realmPairs: [{ registry: registry.host, realm }],
    })
  }

  test("moves an image with tokens of its own scopes", async () => {
    await using tokens = await signingTokenServer({ users: { ann: "secret" } })
    await using registry = await dockerRegistry({ token: tokens })
    await using http = httpFor(registry, tokens)
    const remote = openRemote({ host: registry.host, repository: "team/app", http, side: "target" })
    for (const bytes of [config, layer]) await remote.putBlob(blobOf(bytes), bodyOf(bytes))
    await remote.putManifest("v1", image)
    await using reading = httpFor(registry, tokens)
    const source = openRemote({ host: registry.host, repository: "team/app", http: reading })
    expect((await source.getManifest("v1")).bytes.equals(image.bytes)).toBe(true)
    expect((await readAll(await source.openBlob(blobOf(layer), { from: 9_000_000 }))).equals(layer.subarray(9_000_000))).toBe(
      true,
    )
    expect(tokens.requests.map(({ scopes }) => scopes)).toEqual([["repository:team/app:pull,push"], ["repository:team/app:pull"]])
    await remote.deleteManifest(image.descriptor.digest)
    expect(await remote.resolve("v1")).toBeUndefined()
  })

  test("is checked question by question", async () => {
    const grant = (_: unknown, { actions }: { readonly actions: readonly string[] }) =>
      actions.filter((action) => action === "pull")
    await using tokens = await signingTokenServer({ users: { ann: "secret" }, grant })
    await using registry = await dockerRegistry({ token: tokens })
    await using http = httpFor(registry, tokens)
    const check = await checkTarget(http, registry.host, "team/app")
    expect(check).toMatchObject({ reachable: { answer: "yes" }, tls: { answer: "plain" }, credentials: { answer: "yes" } })
    expect(check.push.answer).toBe("no")
    await using stranger = httpFor(registry, tokens, "wrong")
    expect((await checkTarget(stranger, registry.host, "team/app")).credentials).toMatchObject({
      answer: "no",
      code: "unauthorized",
    })
  })

  test("is told from a certificate that nobody vouches for", async () => {
    await using authority = await testCa()
    await using registry = await dockerRegistry({ tls: await authority.certificate() })
    await using strict = testHttp({ defaults: {}, hosts: { [registry.host]: { tlsVerify: true } } })
    expect((await checkTarget(strict, registry.host, "a")).tls).toMatchObject({ answer: "no", code: "tls" })
    await using trusting = testHttp({ hosts: { [registry.host]: { ca: authority.ca } } })
    expect(await checkTarget(trusting, registry.host, "a")).toEqual({
      reachable: { answer: "yes" },
      tls: { answer: "yes" },
      credentials: { answer: "yes" },
      push: { answer: "yes" },
    })
  })
})
