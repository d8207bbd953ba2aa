import { setTimeout as delay } from "node:timers/promises"
import { contentBytes, type TestRegistry, type TestRegistryOptions, testRegistry } from "@entrepot/testing"
import { expect, test } from "vitest"
import type { BlobBody, PutOptions } from "../../content/store.ts"
import { isTransferError, TransferError } from "../../errors/transfer-error.ts"
import { PasswordCredentials } from "../../http/credentials/credentials.ts"
import { blobOf, bodyOf, failureOf, someBytes, testHttp } from "./remote.fixture.ts"
import { openRemote, type RemoteOptions, type RemoteStore } from "./remote-store.ts"
import { UploadMemories } from "./upload-budget.ts"

const MiB = 1024 * 1024
const bytes = someBytes(3 * MiB)
const blob = blobOf(bytes)

/** A memory that sends chunks of 4 MiB. */
function chunkedMemories(): UploadMemories {
  const memories = new UploadMemories()
  const of = memories.of.bind(memories)
  memories.of = (host) => {
    const memory = of(host)
    memory.noteCut(2 * MiB)
    return memory
  }
  return memories
}

interface Upload {
  readonly hub: TestRegistry
  readonly remote: RemoteStore
  readonly logs: string[]
  readonly offsets: number[]
  /** Puts `content`, and whether it is there whole afterwards. */
  put(content?: Buffer, body?: BlobBody, options?: PutOptions): Promise<boolean>
}

async function uploading(
  work: (upload: Upload) => Promise<void>,
  options: TestRegistryOptions = {},
  more: Partial<RemoteOptions> = {},
): Promise<void> {
  await using hub = await testRegistry(options)
  await using http = testHttp({ credentials: async () => new PasswordCredentials("pusher", "s3cret") })
  const upload = { backoffMs: 1, carefulRoundTripMs: 0, ...more.upload }
  const remote = openRemote({ host: hub.host, repository: "team/app", http, side: "target", ...more, upload })
  const logs: string[] = []
  const offsets: number[] = []
  await work({
    hub,
    remote,
    logs,
    offsets,
    put: async (content = bytes, body = bodyOf(content, 64 * 1024), putOptions = {}) => {
      const onProgress = (offset: number) => offsets.push(offset)
      await remote.putBlob(blobOf(content), body, { onLog: (line) => logs.push(line), onProgress, ...putOptions })
      const stored = hub.blob("team/app", blobOf(content).digest)
      return stored !== undefined && contentBytes(stored).equals(content)
    },
  })
}

function requestsOf(hub: TestRegistry): string[] {
  return hub.requests.map(({ method, resource, status }) => `${method} ${resource} ${status}`)
}

/** Body bytes of the uploads that never reached the registry twice, as a share of the blob. */
function extraShare(hub: TestRegistry, size: number): number {
  return hub.bytesIn("* upload") / size - 1
}

test("a blob goes up in one stream", () =>
  uploading(async ({ hub, put, offsets }) => {
    expect(await put()).toBe(true)
    expect(requestsOf(hub)).toEqual(["POST upload 202", "PUT upload 201"])
    expect(offsets.at(-1)).toBe(bytes.length)
    expect(hub.openUploads()).toBe(0)
  }))

test("a host is asked once, with something small, whether it takes a blob within the POST", () =>
  uploading(async ({ hub, put }) => {
    expect(await put(someBytes(1000))).toBe(true)
    expect(await put()).toBe(true)
    expect(requestsOf(hub)).toEqual(["POST upload 201", "POST upload 201"])
  }))

test("a host that ignores the body of a POST gets it again, and never another one", () =>
  uploading(
    async ({ hub, put }) => {
      expect(await put(someBytes(1000))).toBe(true)
      expect(await put(someBytes(999))).toBe(true)
      expect(requestsOf(hub)).toEqual(["POST upload 202", "PUT upload 201", "POST upload 202", "PUT upload 201"])
      expect(hub.bytesIn()).toBe(1000 + 1000 + 999)
    },
    { quirks: { singlePost: false } },
  ))

test("a POST whose answer was lost is looked for before it is repeated", () =>
  uploading(async ({ hub, put }) => {
    hub.fail("POST upload", { as: "lostReply" })
    expect(await put(someBytes(1000))).toBe(true)
    expect(requestsOf(hub)).toEqual(["POST upload 0", "HEAD blob 200"])
  }))

test("an empty blob is stored", () =>
  uploading(async ({ put }) => {
    expect(await put(Buffer.alloc(0))).toBe(true)
  }))

test("a sha512 digest is announced", () =>
  uploading(
    async ({ hub, remote }) => {
      const { createHash } = await import("node:crypto")
      const digest = `sha512:${createHash("sha512").update(bytes).digest("hex")}`
      await remote.putBlob({ ...blob, digest }, { ...bodyOf(bytes), descriptor: { ...blob, digest } })
      expect(hub.blob("team/app", digest)?.sizeBytes).toBe(bytes.length)
      expect(hub.requests[0]?.path).toBe("/v2/team/app/blobs/uploads/?digest-algorithm=sha512")
    },
    {},
    { upload: { singlePostLimit: 0 } },
  ))

test("fault 5: after a reset it goes on at the byte that the registry has", () =>
  uploading(async ({ hub, put, logs, offsets }) => {
    hub.fail("PUT upload", { as: "reset", after: MiB })
    expect(await put()).toBe(true)
    expect(requestsOf(hub).slice(-2)).toEqual(["GET upload 204", "PUT upload 201"])
    expect(extraShare(hub, bytes.length)).toBeLessThan(0.02)
    const at = Number(/goes on at byte (\d+)$/.exec(logs[0] ?? "")?.[1])
    expect(at).toBeGreaterThanOrEqual(MiB)
    expect(offsets).toContain(at)
    expect(hub.matching("PUT upload").at(-1)?.headers["content-range"]).toBe(`${at}-${bytes.length - 1}`)
  }))

test("it goes on as long as every try gains a mebibyte", () =>
  uploading(
    async ({ hub, put }) => {
      const rule = hub.fail("PUT upload", { as: "reset", after: 1.25 * MiB, times: 20 })
      expect(await put(someBytes(20 * MiB))).toBe(true)
      expect(rule.strikes).toBeGreaterThan(8)
    },
    // smaller requests, which would not be cut, are not allowed
    { quirks: { chunkMinLength: 20 * MiB } },
  ))

test("a registry that goes on at the byte is spared the third cut", () =>
  uploading(async ({ hub, put }) => {
    const cuts = ["PUT upload", "PATCH upload"].map((what) =>
      hub.fail(what, { as: "reset", after: 9 * MiB, times: Number.POSITIVE_INFINITY }),
    )
    expect(await put(someBytes(60 * MiB))).toBe(true)
    expect(cuts.reduce((sum, { strikes }) => sum + strikes, 0)).toBe(2)
    expect(hub.bytesIn("* upload")).toBe(60 * MiB)
  }))

test("without progress it gives up, and leaves no session behind", () =>
  uploading(async ({ hub, put }) => {
    hub.fail("PUT upload", { as: "reset", times: Number.POSITIVE_INFINITY })
    hub.fail("PATCH upload", { as: "reset", times: Number.POSITIVE_INFINITY })
    const error = await failureOf(put())
    expect(error.code).toBe("network")
    expect(error.side).toBe("target")
    expect(error.host).toBe(hub.host)
    expect(error.attempts).toBe(6)
    expect(hub.count("GET upload")).toBe(5)
    expect(hub.openUploads()).toBe(0)
  }))

test("a connection that takes no byte any more is left, and the upload goes on over another", () =>
  uploading(
    async ({ hub, put, logs }) => {
      hub.fail("PUT upload", { as: "stall", after: MiB })
      expect(await put(someBytes(16 * MiB))).toBe(true)
      expect(logs[0]).toMatch(/goes on at byte \d+$/)
      const [broken, next] = hub.matching("PUT upload")
      expect(next?.clientPort).not.toBe(broken?.clientPort)
    },
    {},
    { upload: { stallTimeoutMs: 300 } },
  ))

test("a source that has nothing to send is no stall", () =>
  uploading(
    async ({ hub, put }) => {
      const slow: BlobBody = {
        descriptor: blob,
        async *read(offset) {
          yield bytes.subarray(offset, MiB)
          await delay(500)
          yield bytes.subarray(MiB)
        },
      }
      expect(await put(bytes, slow)).toBe(true)
      expect(requestsOf(hub)).toEqual(["POST upload 202", "PUT upload 201"])
    },
    {},
    { upload: { stallTimeoutMs: 400, answerTimeoutMs: 10_000 } },
  ))

test("no answer after the last byte: the blob is looked for, then the status asked", () =>
  uploading(
    async ({ hub, put }) => {
      hub.fail("PUT upload", { as: "stall", after: bytes.length })
      expect(await put()).toBe(true)
      expect(requestsOf(hub).slice(-3)).toEqual(["HEAD blob 404", "GET upload 204", "PUT upload 201"])
    },
    {},
    { upload: { answerTimeoutMs: 400 } },
  ))

test("fault 18: on 416 the registry's own count holds", () =>
  uploading(
    async ({ hub, put }) => {
      hub.fail("PATCH upload", { as: "refuseOffset", skip: 1 })
      expect(await put(someBytes(14 * MiB))).toBe(true)
      expect(requestsOf(hub)).toContain("PATCH upload 416")
    },
    {},
    { uploads: chunkedMemories() },
  ))

test("fault 19: an upload that the registry forgot begins again", () =>
  uploading(async ({ hub, put, logs }) => {
    hub.fail("PUT upload", { as: "forgetUpload" })
    expect(await put()).toBe(true)
    expect(logs).toEqual([`${hub.host}: the upload was lost and begins again`])
  }))

test("fault 19: at most three times in a row", () =>
  uploading(async ({ hub, put }) => {
    hub.fail("PUT upload", { as: "forgetUpload", times: Number.POSITIVE_INFINITY })
    const error = await failureOf(put())
    expect(error.registryCode).toBe("BLOB_UPLOAD_UNKNOWN")
    expect(hub.count("PUT upload")).toBe(4)
  }))

test("fault 20: an answer that got lost is found by HEAD", () =>
  uploading(async ({ hub, put }) => {
    hub.fail("PUT upload", { as: "lostReply" })
    expect(await put()).toBe(true)
    expect(requestsOf(hub).at(-1)).toBe("HEAD blob 200")
    expect(hub.bytesIn()).toBe(bytes.length)
  }))

test("fault 21: two uploads of the same blob at once both succeed", () =>
  uploading(async ({ put }) => {
    expect(await Promise.all([put(), put(), put()])).toEqual([true, true, true])
  }))

test("fault 23: a mount answered 202 becomes the session of the upload", () =>
  uploading(async ({ hub, remote, put }) => {
    hub.fail("POST upload", { as: "mountRefused" })
    expect(await remote.mountBlob(blob, "team/base")).toBe(false)
    expect(await put()).toBe(true)
    expect(requestsOf(hub)).toEqual(["POST upload 202", "PUT upload 201"])
  }))

test("a session that a refused mount began is given up on close", () =>
  uploading(async ({ hub, remote }) => {
    hub.fail("POST upload", { as: "mountRefused" })
    expect(await remote.mountBlob(blob, "team/base")).toBe(false)
    expect(hub.openUploads()).toBe(1)
    await remote.close()
    expect(hub.openUploads()).toBe(0)
  }))

test.each([500, 502, 503, 504])("after %i it goes on where the registry is", (status) =>
  uploading(async ({ hub, put }) => {
    hub.fail("PUT upload", { as: "status", status })
    expect(await put()).toBe(true)
    expect(hub.count("GET upload")).toBe(1)
  }),
)

test("fault 13: a token that ends in the middle costs one question", () =>
  uploading(
    async ({ hub, remote, put }) => {
      expect(await remote.hasBlob(blob)).toBe(false)
      hub.fail("PUT upload", { as: "revoke" })
      expect(await put()).toBe(true)
      expect(hub.openUploads()).toBe(0)
    },
    { auth: { token: { pusher: "s3cret" } } },
  ))

test("a registry that refuses to resume gets the blob in requests that are over before a connection is cut", () =>
  uploading(
    async ({ hub, put }) => {
      const content = someBytes(40 * MiB)
      const rule = hub.fail("* upload", { as: "reset", after: 10 * MiB, times: Number.POSITIVE_INFINITY })
      expect(await put(content)).toBe(true)
      expect(rule.strikes).toBeLessThanOrEqual(2)
      const ports = hub.matching("PATCH upload").map(({ clientPort }) => clientPort)
      expect(ports.length).toBeGreaterThan(3)
      expect(new Set(ports).size).toBe(ports.length)
    },
    { quirks: { refuseResume: true } },
  ))

test("a body that is refused with 413 goes up in smaller ones", () =>
  uploading(async ({ hub, put }) => {
    hub.fail("PUT upload", { as: "status", status: 413 })
    expect(await put(someBytes(9 * MiB))).toBe(true)
    expect(hub.count("PATCH upload")).toBe(2)
  }))

test("chunks are never shorter than the registry wants them", () =>
  uploading(
    async ({ hub, put }) => {
      expect(await put(someBytes(14 * MiB))).toBe(true)
      expect(hub.matching("PATCH upload").map(({ bytesIn }) => bytesIn)).toEqual([6 * MiB, 6 * MiB])
    },
    { quirks: { chunkMinLength: 6 * MiB } },
    { uploads: chunkedMemories() },
  ))

test("a cancelled upload is given up at the registry", () =>
  uploading(async ({ hub, put }) => {
    const stop = new AbortController()
    const body = bodyOf(bytes, 64 * 1024)
    const stopping: BlobBody = {
      descriptor: blob,
      async *read(offset) {
        let sent = 0
        for await (const chunk of body.read(offset)) {
          if (sent > MiB) stop.abort()
          sent += chunk.length
          yield chunk
        }
      },
    }
    const error = await failureOf(put(bytes, stopping, { signal: stop.signal }))
    expect(error.code).toBe("cancelled")
    expect(hub.openUploads()).toBe(0)
    expect(hub.blob("team/app", blob.digest)).toBeUndefined()
  }))

test("what the source throws is thrown, and nothing is published", () =>
  uploading(async ({ hub, put }) => {
    const corrupt: BlobBody = {
      descriptor: blob,
      async *read() {
        yield bytes
        throw new TransferError("digest_mismatch", "the bytes are not what they should be")
      },
    }
    const error = await failureOf(put(bytes, corrupt))
    expect(error.message).toBe("the bytes are not what they should be")
    expect(hub.bytesIn("PUT upload")).toBeLessThan(bytes.length)
    expect(hub.openUploads()).toBe(0)
  }))

test.each([
  ["shorter", bytes.subarray(1), "ends early"],
  ["longer", Buffer.concat([bytes, Buffer.from("!")]), "is longer than promised"],
])("a source that is %s than its descriptor is refused", (_, content, problem) =>
  uploading(async ({ hub, put }) => {
    const error = await failureOf(put(bytes, { ...bodyOf(content), descriptor: blob }))
    expect(error.message).toBe(`the blob ${blob.digest} ${problem}: ${bytes.length} bytes were expected`)
    expect(hub.openUploads()).toBe(0)
  }),
)

test("a refusal of rights is not tried again", () =>
  uploading(async ({ hub, put }) => {
    hub.fail("POST upload", { as: "status", status: 403, body: '{"errors":[{"code":"DENIED","message":"no push for you"}]}' })
    const error = await failureOf(put())
    expect(isTransferError(error, "forbidden")).toBe(true)
    expect(error.message).toBe(`${hub.host} answered 403 to the upload of team/app@${blob.digest}: DENIED, no push for you`)
    expect(error.hint).toBe("this account may not push there")
    expect(hub.requests).toHaveLength(1)
  }))

test("absolute Locations are followed on the registry's own host", () =>
  uploading(async ({ put }) => expect(await put()).toBe(true), { quirks: { absoluteLocations: true } }))

test("the first request of all may carry a blob although it meets a challenge", () =>
  uploading(
    async ({ hub, put }) => {
      expect(await put(someBytes(1000))).toBe(true)
      expect(requestsOf(hub).filter((line) => !line.includes("token"))).toEqual(["POST upload 401", "POST upload 201"])
    },
    { auth: { token: { pusher: "s3cret" } } },
  ))
