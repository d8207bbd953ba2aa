import { testRegistry } from "@entrepot/testing"
import { expect, test } from "vitest"
import { digestOf } from "../../content/digest.ts"
import { mediaTypes } from "../../content/media-types.ts"
import { blobOf, bodyOf, failureOf, imageOf, manifestOf, scriptedRegistry, testHttp } from "./remote.fixture.ts"
import { openRemote } from "./remote-store.ts"

const config = Buffer.from("{}")
const layer = Buffer.from("layer")
const image = imageOf(config, layer)
const subject = image.descriptor
const signature = imageOf(config, layer, { subject, artifactType: "application/vnd.sig" })
const sbom = imageOf(config, layer, { subject, artifactType: "application/vnd.sbom" })

test.each([{}, { noReferrers: true }, { noReferrersFilter: true }])(
  "what was pushed is listed and filtered: %j",
  async (quirks) => {
    await using hub = await testRegistry({ quirks })
    await using http = testHttp()
    const remote = openRemote({ host: hub.host, repository: "a", http, side: "target" })
    expect(await remote.listReferrers(subject.digest)).toEqual([])
    for (const bytes of [config, layer]) await remote.putBlob(blobOf(bytes), bodyOf(bytes))
    for (const manifest of [image, signature, sbom]) await remote.putManifest(manifest.descriptor.digest, manifest)
    const all = await remote.listReferrers(subject.digest)
    expect(all.map(({ digest }) => digest).sort()).toEqual([signature, sbom].map(({ descriptor }) => descriptor.digest).sort())
    const some = await remote.listReferrers(subject.digest, "application/vnd.sbom")
    expect(some.map(({ digest }) => digest)).toEqual([sbom.descriptor.digest])
    expect(some[0]?.artifactType).toBe("application/vnd.sbom")
  },
)

const entry = (name: string) => ({ mediaType: mediaTypes.ociManifest, digest: digestOf(Buffer.from(name)), size: 1 })
const pageOf = (...names: string[]) => manifestOf({ manifests: names.map(entry) }, mediaTypes.ociIndex).bytes

test("pages are followed", async () => {
  const path = `/v2/a/referrers/${subject.digest}`
  await using registry = await scriptedRegistry(({ path: asked }) =>
    asked === path
      ? { status: 200, headers: { link: `<${path}?page=2>; rel="next"` }, body: pageOf("one") }
      : { status: 200, body: pageOf("two") },
  )
  await using http = testHttp()
  const found = await openRemote({ host: registry.host, repository: "a", http }).listReferrers(subject.digest)
  expect(found.map(({ digest }) => digest)).toEqual([entry("one").digest, entry("two").digest])
  expect(registry.log).toEqual([`GET ${path}`, `GET ${path}?page=2`])
})

test("a page elsewhere is not followed", async () => {
  await using registry = await scriptedRegistry(() => ({
    status: 200,
    headers: { link: '<http://127.0.0.1:1/x>; rel="next"' },
    body: pageOf("one"),
  }))
  await using http = testHttp()
  const error = await failureOf(openRemote({ host: registry.host, repository: "a", http }).listReferrers(subject.digest))
  expect(error.code).toBe("address_blocked")
  expect(registry.log).toHaveLength(1)
})

test("more than a thousand entries on one page are refused", async () => {
  const names = Array.from({ length: 1001 }, (_, index) => String(index))
  await using registry = await scriptedRegistry(() => ({ status: 200, body: pageOf(...names) }))
  await using http = testHttp()
  const error = await failureOf(openRemote({ host: registry.host, repository: "a", http }).listReferrers(subject.digest))
  expect(error.message).toContain("names 1001 children, more than 1000")
})
