import { type Descriptor, mediaTypes } from "@entrepot/core"
import { describe, expect, test } from "vitest"
import type { ConformanceClient } from "./conformance-client.ts"
import { conformanceData, type DataManifest, type DataSet } from "./conformance-data.ts"

const accept = { accept: `${mediaTypes.ociIndex}, ${mediaTypes.ociManifest}` }

/** Push, discovery, pull and deletion of whatever a registry has to take. */
export function contentWorkflow(client: ConformanceClient): void {
  for (const data of conformanceData()) {
    describe(data.name, () => {
      test("push", () => push(client, data))
      test("content discovery: tags", () => discoverTags(client, data))
      if (data.referrers.length > 0) test("content discovery: referrers", () => discoverReferrers(client, data))
      test("pull", () => pull(client, data))
      test("content management", () => remove(client, data))
    })
  }
}

async function push(client: ConformanceClient, data: DataSet): Promise<void> {
  for (const [digest, bytes] of data.blobs) {
    const answer = await client.push("POST then PUT", digest, bytes)
    expect([answer.status, answer.headers["docker-content-digest"]]).toEqual([201, digest])
  }
  for (const manifest of data.manifests) {
    const { digest } = manifest.descriptor
    const tags = data.tagsByParameter ? tagsOf(data, digest) : []
    const query = tags.length === 0 ? "" : `?${tags.map((tag) => `tag=${tag}`).join("&")}`
    const answer = await put(client, `${digest}${query}`, manifest)
    expect((answer.headers["oci-tag"] ?? "").toString().split(", ").filter(Boolean).sort()).toEqual([...tags].sort())
  }
  for (const [tag, digest] of data.tagsByParameter ? [] : data.tags) await put(client, tag, manifestOf(data, digest))
}

async function put(client: ConformanceClient, reference: string, { descriptor, bytes, subject }: DataManifest) {
  const answer = await client.request("PUT", client.manifest(reference), {
    headers: { "content-type": descriptor.mediaType },
    body: bytes,
  })
  expect([answer.status, answer.headers["docker-content-digest"], answer.headers["oci-subject"]]).toEqual([
    201,
    descriptor.digest,
    subject,
  ])
  const stored = await client.request("GET", answer.headers.location ?? "", { headers: accept })
  expect(stored.status).toBe(200)
  expect(stored.body.equals(bytes)).toBe(true)
  return answer
}

async function discoverTags(client: ConformanceClient, data: DataSet): Promise<void> {
  const all = await tagsAt(client)
  expect(all).toEqual(expect.arrayContaining([...data.tags.keys()]))
  expect(all).toEqual([...all].sort())
  const middle = all[Math.floor(all.length / 2)]
  if (middle !== undefined) expect(await tagsAt(client, `?last=${middle}`)).toEqual(all.slice(all.indexOf(middle) + 1))
}

async function tagsAt(client: ConformanceClient, query = ""): Promise<string[]> {
  const answer = await client.request("GET", `/v2/${client.repository}/tags/list${query}`)
  expect(answer.status).toBe(200)
  return (JSON.parse(answer.body.toString("utf8")) as { tags: string[] }).tags
}

async function discoverReferrers(client: ConformanceClient, data: DataSet): Promise<void> {
  for (const subject of new Set(data.referrers.map((referrer) => referrer.subject))) {
    const expected = data.referrers.filter((referrer) => referrer.subject === subject).map(({ descriptor }) => descriptor)
    expect(sorted(await referrersAt(client, subject))).toEqual(sorted(expected))
    for (const type of new Set(expected.map((descriptor) => descriptor.artifactType ?? ""))) {
      const filtered = await referrersAt(client, subject, type)
      expect(sorted(filtered)).toEqual(sorted(expected.filter((descriptor) => descriptor.artifactType === type)))
    }
  }
}

async function referrersAt(client: ConformanceClient, subject: string, type?: string): Promise<Descriptor[]> {
  const query = type === undefined ? "" : `?artifactType=${encodeURIComponent(type)}`
  const answer = await client.request("GET", `/v2/${client.repository}/referrers/${subject}${query}`)
  expect([answer.status, answer.headers["content-type"], answer.headers["oci-filters-applied"]]).toEqual([
    200,
    mediaTypes.ociIndex,
    type === undefined ? undefined : "artifactType",
  ])
  const list = JSON.parse(answer.body.toString("utf8")) as { schemaVersion: number; mediaType: string; manifests: Descriptor[] }
  expect([list.schemaVersion, list.mediaType]).toEqual([2, mediaTypes.ociIndex])
  return list.manifests
}

async function pull(client: ConformanceClient, data: DataSet): Promise<void> {
  for (const [digest, bytes] of data.blobs) await sameByGetAndHead(client, client.blob(digest), bytes, digest)
  const references = [...data.tags, ...data.manifests.map(({ descriptor: { digest } }) => [digest, digest] as const)]
  for (const [reference, digest] of references) {
    const { bytes, descriptor } = manifestOf(data, digest)
    await sameByGetAndHead(client, client.manifest(reference), bytes, digest, descriptor.mediaType)
  }
}

async function sameByGetAndHead(
  client: ConformanceClient,
  path: string,
  bytes: Buffer,
  digest: string,
  mediaType?: string,
): Promise<void> {
  const [whole, head] = [
    await client.request("GET", path, { headers: accept }),
    await client.request("HEAD", path, { headers: accept }),
  ]
  for (const { status, headers } of [whole, head]) {
    expect([status, headers["docker-content-digest"], headers["content-length"]]).toEqual([200, digest, String(bytes.length)])
    if (mediaType !== undefined) expect(headers["content-type"]).toBe(mediaType)
  }
  expect(whole.body.equals(bytes)).toBe(true)
  expect(head.body.length).toBe(0)
}

async function remove(client: ConformanceClient, data: DataSet): Promise<void> {
  const paths = [
    ...[...data.tags.keys()].map((tag) => client.manifest(tag)),
    ...data.manifests.map(({ descriptor }) => client.manifest(descriptor.digest)).reverse(),
    ...[...data.blobs.keys()].map((digest) => client.blob(digest)),
  ]
  for (const path of paths) {
    expect([path, (await client.request("DELETE", path)).status]).toEqual([path, 202])
    expect([path, (await client.request("HEAD", path)).status]).toEqual([path, 404])
  }
}

function manifestOf(data: DataSet, digest: string): DataManifest {
  const found = data.manifests.find(({ descriptor }) => descriptor.digest === digest)
  if (found === undefined) throw new Error(`there is no manifest ${digest} in "${data.name}"`)
  return found
}

function tagsOf(data: DataSet, digest: string): string[] {
  return [...data.tags].filter(([, tagged]) => tagged === digest).map(([tag]) => tag)
}

function sorted(descriptors: readonly Descriptor[]): Descriptor[] {
  return [...descriptors].sort((a, b) => (a.digest < b.digest ? -1 : 1))
}
