import { randomBytes } from "node:crypto"
import { mediaTypes } from "@entrepot/core"
import { describe, expect, test } from "vitest"
import { blobWorkflow } from "./blob-workflow.ts"
import { ConformanceClient, type ConformanceTarget } from "./conformance-client.ts"
import { DataSet, digestOf } from "./conformance-data.ts"
import { contentWorkflow } from "./content-workflow.ts"
import { tokenWorkflow } from "./token-workflow.ts"

/**
 * What the OCI distribution specification 1.1 asks of a registry, as tests, in its four workflows: pull, push, content discovery, content management.
 * @param target asked for when a test runs.
 */
export function distributionConformance(target: () => ConformanceTarget): void {
  const client = new ConformanceClient(target)

  describe("before anything was pushed", () => {
    test("this is a registry", async () => {
      const answer = await client.request("GET", "/v2/")
      expect([answer.status, answer.headers["docker-distribution-api-version"]]).toEqual([200, "registry/2.0"])
    })
    test("content discovery: there are no tags", async () => {
      const answer = await client.request("GET", `/v2/${client.repository}/tags/list`)
      expect([200, 404]).toContain(answer.status)
    })
    test("content discovery: nothing refers to anything", async () => {
      const answer = await client.request("GET", `/v2/${client.repository}/referrers/${digestOf(randomBytes(20))}`)
      expect([answer.status, answer.headers["content-type"]]).toEqual([200, mediaTypes.ociIndex])
      expect(JSON.parse(answer.body.toString("utf8"))).toEqual({
        schemaVersion: 2,
        mediaType: mediaTypes.ociIndex,
        manifests: [],
      })
    })
  })

  blobWorkflow(client)
  contentWorkflow(client)
  tokenWorkflow(client)

  describe("manifests that are refused", () => {
    test.for([
      ["a digest that nothing has", () => digestOf(randomBytes(20)), "404 MANIFEST_UNKNOWN"],
      ["a tag that nothing has", () => "missing-tag", "404 MANIFEST_UNKNOWN"],
      ["a tag that nothing can have", () => ".no-tag", "404 MANIFEST_UNKNOWN"],
      ["a digest that is none", () => "sha256:baddigeststring", "400 DIGEST_INVALID"],
    ] satisfies [string, () => string, string][])("pull: %s", async ([, reference, expected]) => {
      const answer = await client.request("GET", client.manifest(reference()))
      expect(`${answer.status} ${codeOf(answer.body)}`).toBe(expected)
    })

    test("push: bytes of another digest, a digest that is none, a tag that is none, blobs that are not there", async () => {
      const data = new DataSet("refused")
      const { digest, mediaType } = data.image()
      const [manifest] = data.manifests
      const bytes = manifest?.bytes ?? Buffer.alloc(0)
      const put = async (reference: string, body: Buffer) => {
        const answer = await client.request("PUT", client.manifest(reference), { headers: { "content-type": mediaType }, body })
        return `${answer.status} ${codeOf(answer.body)}`
      }
      expect(await put("sparse", bytes)).toBe("404 MANIFEST_BLOB_UNKNOWN")
      for (const [blob, content] of data.blobs) await client.push("POST then PUT", blob, content)
      expect(await put(digest, Buffer.concat([bytes, Buffer.from("  ")]))).toBe("400 DIGEST_INVALID")
      expect(await put("sha256:baddigeststring", bytes)).toBe("400 DIGEST_INVALID")
      expect(await put(".no-tag", bytes)).toBe("400 TAG_INVALID")
      expect(await put("no-json", Buffer.from("no manifest at all"))).toBe("400 MANIFEST_INVALID")
      expect((await client.request("HEAD", client.manifest(digest))).status).toBe(404)
    })
  })
}

function codeOf(body: Buffer): string {
  return (JSON.parse(body.toString("utf8")) as { errors: { code: string }[] }).errors.map(({ code }) => code).join(" ")
}
