import { dockerRegistry, faultProxy, needs } from "@entrepot/testing"
import { describe, expect, test } from "vitest"
import { blobOf, bodyOf, someBytes, testHttp } from "./remote.fixture.ts"
import { openRemote } from "./remote-store.ts"

const MiB = 1024 * 1024

describe.skipIf(needs("docker-registry"))("an upload to docker-registry", () => {
  const bytes = someBytes(60 * MiB)

  test("of 300 MiB over a link that cuts every connection after 10 MiB costs at most 2 % extra bytes", async () => {
    await using registry = await dockerRegistry()
    await using link = await faultProxy(registry.host, [{ as: "reset", after: 10 * MiB, direction: "toServer" }])
    await using http = testHttp()
    const big = someBytes(300 * MiB)
    // a busy machine may answer slowly
    const upload = { carefulRoundTripMs: 1000 }
    const remote = openRemote({ host: link.host, repository: "big", http, side: "target", upload })
    await remote.putBlob(blobOf(big), bodyOf(big))
    expect(await registry.client.hasBlob("big", blobOf(big).digest)).toBe(true)
    expect(link.bytes.toServer / big.length).toBeLessThan(1.02)
  })

  test("that learned nothing before loses what the first cut takes, and no more", async () => {
    await using registry = await dockerRegistry()
    await using link = await faultProxy(registry.host, [{ as: "reset", after: 10 * MiB, direction: "toServer" }])
    await using http = testHttp()
    const logs: string[] = []
    const upload = { carefulRoundTripMs: -1, backoffMs: 1 }
    const remote = openRemote({ host: link.host, repository: "big", http, side: "target", upload })
    await remote.putBlob(blobOf(bytes), bodyOf(bytes), { onLog: (line) => logs.push(line) })
    expect(await registry.client.hasBlob("big", blobOf(bytes).digest)).toBe(true)
    expect(logs.length).toBeLessThanOrEqual(2)
    expect(logs[0]).toBe(`${link.host}: the upload was lost and begins again`)
    expect(link.bytes.toServer - bytes.length).toBeLessThan(21 * MiB)
  })

  test("whose connection stops moving for good goes on over another", async () => {
    await using registry = await dockerRegistry()
    await using link = await faultProxy(registry.host, [{ as: "stall", after: 20 * MiB, direction: "toServer", times: 1 }])
    await using http = testHttp()
    const upload = { stallTimeoutMs: 1000, answerTimeoutMs: 5000, carefulRoundTripMs: -1, backoffMs: 1 }
    const remote = openRemote({ host: link.host, repository: "big", http, side: "target", upload })
    await remote.putBlob(blobOf(bytes), bodyOf(bytes))
    expect(link.strikes).toBe(1)
    expect(await registry.client.hasBlob("big", blobOf(bytes).digest)).toBe(true)
  })

  test("made twice at once succeeds twice", async () => {
    await using registry = await dockerRegistry()
    await using http = testHttp()
    const small = someBytes(20 * MiB)
    const put = () =>
      openRemote({ host: registry.host, repository: "a", http, side: "target" }).putBlob(blobOf(small), bodyOf(small))
    await Promise.all([put(), put(), put()])
    expect((await registry.client.blob("a", blobOf(small).digest))?.equals(small)).toBe(true)
  })

  test("that is cancelled publishes nothing and is given up", async () => {
    await using registry = await dockerRegistry()
    await using http = testHttp()
    const stop = new AbortController()
    const remote = openRemote({ host: registry.host, repository: "a", http, side: "target" })
    const onProgress = (offset: number) => {
      if (offset > 20 * MiB) stop.abort()
    }
    await expect(remote.putBlob(blobOf(bytes), bodyOf(bytes), { signal: stop.signal, onProgress })).rejects.toThrow("cancelled")
    expect(await registry.client.hasBlob("a", blobOf(bytes).digest)).toBe(false)
    expect(http.requests.at(-1)?.method).toBe("DELETE")
  })
})
