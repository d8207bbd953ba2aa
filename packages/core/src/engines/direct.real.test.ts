import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import {
  artifact,
  cosignObject,
  dockerDaemon,
  dockerRegistry,
  image,
  index,
  needs,
  printingProgram,
  runnableImage,
  signingTokenServer,
  skopeo,
  type TestCa,
  tarArchive,
  testCa,
} from "@entrepot/testing"
import { afterAll, beforeAll, describe, expect, test } from "vitest"
import { createHttp, type Http } from "../http/create-http.ts"
import { credentials } from "../http/credentials/credentials.ts"
import type { HttpOptions } from "../http/http-options.ts"
import type { OutcomeEvent, TransferEvent } from "../transfer/events.ts"
import { createDirectEngine } from "./direct.ts"
import type { CopyRequest } from "./engine.ts"

const MiB = 1024 * 1024
let work: string
const clients: Http[] = []

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), "entrepot-direct-"))
})

afterAll(async () => {
  await Promise.all(clients.map((http) => http.close()))
  await rm(work, { recursive: true, force: true })
})

function engineWith(options: HttpOptions = {}) {
  const http = createHttp(options)
  clients.push(http)
  return createDirectEngine({ stores: { http, cacheDirectory: join(work, "cache") } })
}

async function run(request: CopyRequest, options: HttpOptions = {}): Promise<{ outcome: OutcomeEvent; events: TransferEvent[] }> {
  const events: TransferEvent[] = []
  for await (const event of engineWith(options).copy(request)) events.push(event)
  return { outcome: events.at(-1) as OutcomeEvent, events }
}

/** As skopeo wants it: the authority alone, under the name ca.crt. */
async function certificateDirectory(ca: TestCa): Promise<string> {
  const directory = await mkdtemp(join(work, "certs-"))
  await writeFile(join(directory, "ca.crt"), ca.ca)
  return directory
}

describe.skipIf(needs("docker-registry", "skopeo"))("between real registries", () => {
  const platforms = [
    { os: "linux", architecture: "amd64" },
    { os: "linux", architecture: "arm64", variant: "v8" },
    { os: "linux", architecture: "arm", variant: "v7" },
    { os: "linux", architecture: "s390x" },
  ].map((platform, n) => image({ seed: `multi-arch ${n}`, platform, layers: [{ sizeBytes: 3 * MiB }, { sizeBytes: 70_000 }] }))

  test.each(["oci", "docker"] as const)(
    "a multi-arch %s index goes from TLS with a private authority to one with a password, byte for byte",
    async (mediaTypes) => {
      await using ca = await testCa()
      await using source = await dockerRegistry({ tls: await ca.certificate() })
      await using target = await dockerRegistry({ htpasswd: { user: "robot", password: "s3cret:with colon" } })
      const children =
        mediaTypes === "oci"
          ? platforms
          : platforms.map((_, n) => image({ seed: `list ${n}`, mediaTypes, layers: [{ sizeBytes: 50_000 }] }))
      const multi = index(children, { mediaTypes })
      await source.client.push("team/app:1.0", multi)

      const { outcome, events } = await run(
        { source: `docker://${source.host}/team/app:1.0`, target: `docker://${target.host}/proxy/team/app:1.0` },
        {
          hosts: { [source.host]: { ca: ca.ca } },
          credentials: async (host) =>
            host === target.host ? credentials({ username: "robot", password: "s3cret:with colon" }) : undefined,
        },
      )

      expect(outcome).toMatchObject({ outcome: "succeeded", digest: multi.descriptor.digest })
      const there = await skopeo(
        "inspect",
        "--raw",
        "--cert-dir",
        await certificateDirectory(ca),
        `docker://${source.host}/team/app:1.0`,
      )
      const here = await skopeo(
        "inspect",
        "--raw",
        "--tls-verify=false",
        "--creds",
        "robot:s3cret:with colon",
        `docker://${target.host}/proxy/team/app:1.0`,
      )
      expect(here.equals(there)).toBe(true)
      expect(here.equals(multi.manifest)).toBe(true)
      for (const child of children) {
        expect((await target.client.manifest("proxy/team/app", child.descriptor.digest))?.bytes.equals(child.manifest)).toBe(true)
      }
      expect(JSON.stringify(events)).not.toContain("s3cret")
    },
  )

  test("a registry behind a token server takes a push, with one token for all of it", async () => {
    await using tokens = await signingTokenServer({ users: { robot: "s3cret" } })
    await using source = await dockerRegistry()
    await using target = await dockerRegistry({ token: tokens })
    const realm = new URL(tokens.realm).host
    const single = image({ seed: "token", layers: [{ sizeBytes: 2 * MiB }, { sizeBytes: MiB }, { sizeBytes: 9000 }] })
    await source.client.push("a/b:1", single)
    const { outcome } = await run(
      { source: `${source.host}/a/b:1`, target: `${target.host}/proxy/a/b:1` },
      {
        credentials: async (host) => (host === target.host ? credentials({ username: "robot", password: "s3cret" }) : undefined),
        hosts: { [realm]: {} },
        realmPairs: [{ registry: target.host, realm }],
      },
    )
    expect(outcome.error).toBeUndefined()
    expect(outcome).toMatchObject({ outcome: "succeeded", digest: single.descriptor.digest, totals: { blobsSent: 4 } })
    expect((await target.client.manifest("proxy/a/b", "1"))?.bytes.equals(single.manifest)).toBe(true)
    const accepted = tokens.requests.filter((request) => request.accepted && request.user === "robot")
    expect(accepted.length).toBeLessThanOrEqual(2)
  })

  test("a wrong password is the target's, named, and nothing is there afterwards", async () => {
    await using source = await dockerRegistry()
    await using target = await dockerRegistry({ htpasswd: { user: "robot", password: "right" } })
    await source.client.push("a/b:1", image({ seed: "refused" }))
    const { outcome } = await run(
      { source: `${source.host}/a/b:1`, target: `${target.host}/proxy/a/b:1` },
      { credentials: async () => credentials({ username: "robot", password: "wrong" }) },
    )
    expect(outcome).toMatchObject({ outcome: "failed", error: { code: "unauthorized", side: "target", host: target.host } })
    expect(await target.client.manifest("proxy/a/b", "1")).toBeUndefined()
  })

  test("artifacts, referrers and signatures come along on request", async () => {
    await using source = await dockerRegistry()
    await using target = await dockerRegistry()
    const app = image({ seed: "signed", layers: [{ sizeBytes: 100_000 }] })
    const sbom = artifact({ artifactType: "application/spdx+json", blobs: ['{"spdx":1}'], subject: app })
    const signature = cosignObject(app)
    const chart = artifact({ artifactType: "application/vnd.cncf.helm.config.v1+json", blobs: ["chart"] })
    await source.client.push("a/app:1", app)
    await source.client.push("a/app", sbom)
    await source.client.push(`a/app:${signature.tag}`, signature.image)
    // docker-registry 2.8 has no referrers API: the index under the fallback tag is what clients keep there.
    await source.client.push(`a/app:${app.descriptor.digest.replace(":", "-")}`, index([sbom]))
    await source.client.push("charts/app:1", chart)

    const signed = await run({ source: `${source.host}/a/app:1`, target: `${target.host}/proxy/app:1`, referrers: true })
    const plain = await run({ source: `${source.host}/charts/app:1`, target: `${target.host}/proxy/chart:1` })

    expect([signed.outcome.outcome, plain.outcome.outcome]).toEqual(["succeeded", "succeeded"])
    expect((await target.client.manifest("proxy/app", sbom.descriptor.digest))?.bytes.equals(sbom.manifest)).toBe(true)
    expect((await target.client.manifest("proxy/app", signature.tag))?.bytes.equals(signature.image.manifest)).toBe(true)
    const fallback = await target.client.manifest("proxy/app", app.descriptor.digest.replace(":", "-"))
    expect(JSON.parse(fallback?.bytes.toString() ?? "{}").manifests).toMatchObject([{ digest: sbom.descriptor.digest }])
    const raw = await skopeo("inspect", "--raw", "--tls-verify=false", `docker://${target.host}/proxy/chart:1`)
    expect(raw.equals(chart.manifest)).toBe(true)
  })

  test("the second run of an unchanged image asks once at each end and moves nothing", async () => {
    await using source = await dockerRegistry()
    await using target = await dockerRegistry()
    await source.client.push("a/b:1", image({ seed: "again", layers: [{ sizeBytes: MiB }] }))
    const request = { source: `${source.host}/a/b:1`, target: `${target.host}/proxy/a/b:1` }
    await run(request)
    const { outcome } = await run(request)
    expect(outcome).toMatchObject({ outcome: "unchanged", totals: { bytesSent: 0 } })
  })

  test("a blob that another repository of the target has is mounted", async () => {
    await using source = await dockerRegistry()
    await using target = await dockerRegistry()
    const shared = image({ seed: "shared", layers: [{ sizeBytes: 2 * MiB }] })
    await source.client.push("a/one:1", shared)
    await source.client.push("a/two:1", shared)
    const engine = engineWith()
    const outcomes: OutcomeEvent[] = []
    for (const name of ["one", "two"]) {
      for await (const event of engine.copy({ source: `${source.host}/a/${name}:1`, target: `${target.host}/proxy/${name}:1` })) {
        if (event.type === "outcome") outcomes.push(event)
      }
    }
    expect(outcomes.map(({ totals }) => [totals.blobsSent, totals.blobsMounted])).toEqual([
      [2, 0],
      [0, 2],
    ])
  })

  test("a layout, an archive and the cache give back what they were given", async () => {
    await using source = await dockerRegistry()
    await using target = await dockerRegistry()
    const multi = index(platforms)
    const single = runnableImage({ message: "round trip", mediaTypes: "oci" })
    await source.client.push("a/multi:1", multi)
    await source.client.push("a/single:1", single)
    for (const [place, name, expected] of [
      [`oci:${work}/layout:1`, "multi", multi],
      [`oci-archive:${work}/layout.tar:1`, "multi", multi],
      ["cache:a/multi:1", "multi", multi],
      [`docker-archive:${work}/saved.tar:a/single:1`, "single", single],
    ] as const) {
      const out = await run({ source: `${source.host}/a/${name}:1`, target: place })
      const back = await run({ source: place, target: `docker://${target.host}/back/${place.split(":")[0]}:1` })
      expect([place, out.outcome.outcome, back.outcome.outcome]).toEqual([place, "succeeded", "succeeded"])
      const raw = await skopeo("inspect", "--raw", "--tls-verify=false", `docker://${target.host}/back/${place.split(":")[0]}:1`)
      expect(raw.equals(expected.manifest)).toBe(true)
    }
  })
})

describe.skipIf(needs("dockerd", "docker", "docker-registry", "skopeo", "root"))("with a real Docker engine", () => {
  test("an image built by Docker is mirrored, pulled from the mirror, and runs; a saved tar goes through the cache to a registry and runs", async () => {
    await using source = await dockerRegistry()
    await using target = await dockerRegistry()
    await using daemon = await dockerDaemon()
    const built = `${source.host}/team/hello:1`
    const dockerfile = 'FROM scratch\nCOPY hello /hello\nCOPY more /more\nCMD ["/hello"]\n'
    await daemon.build(
      built,
      tarArchive([
        { name: "Dockerfile", content: Buffer.from(dockerfile) },
        { name: "hello", content: printingProgram("built, mirrored, run\n"), mode: 0o755 },
        { name: "more", content: Buffer.alloc(300_000, "more ") },
      ]),
    )
    await daemon.docker(["push", "--quiet", built])

    const mirrored = `${target.host}/proxy/team/hello:1`
    expect((await run({ source: built, target: mirrored })).outcome.outcome).toBe("succeeded")
    const raws = await Promise.all(
      [built, mirrored].map((name) => skopeo("inspect", "--raw", "--tls-verify=false", `docker://${name}`)),
    )
    expect(raws[0]?.equals(raws[1] ?? Buffer.alloc(0))).toBe(true)

    const tar = join(work, "saved-by-docker.tar")
    await writeFile(tar, await daemon.docker(["save", built]))
    await daemon.docker(["rmi", "-f", built])
    await daemon.docker(["pull", "--quiet", mirrored])
    expect((await daemon.docker(["run", "--rm", "--network", "none", mirrored])).toString()).toBe("built, mirrored, run\n")
    await daemon.docker(["rmi", "-f", mirrored])

    const fromTar = `${target.host}/proxy/from-tar:1`
    expect((await run({ source: `docker-archive:${tar}`, target: "cache:team/hello:1" })).outcome.outcome).toBe("succeeded")
    expect((await run({ source: "cache:team/hello:1", target: fromTar })).outcome.outcome).toBe("succeeded")
    await daemon.docker(["pull", "--quiet", fromTar])
    expect((await daemon.docker(["run", "--rm", "--network", "none", fromTar])).toString()).toBe("built, mirrored, run\n")
  })
})
