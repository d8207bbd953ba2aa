import { dockerRegistry, image, needs, skopeo } from "@entrepot/testing"
import { describe, expect, onTestFinished, test } from "vitest"
import { type Caller, claimServer, createKey } from "./caller.fixture.ts"
import { serverDirectory } from "./server-directory.fixture.ts"
import { buildServerProgram, startServerProcess } from "./server-process.fixture.ts"

const nginx = image({ seed: "nginx", layers: [{ sizeBytes: 3_000_000 }, { sizeBytes: 1_000 }] })
const { digest } = nginx.descriptor

/** The running server before a registry of Debian, which stands in for Docker Hub. */
async function start(variables: Readonly<Record<string, string>> = {}) {
  const hub = await dockerRegistry()
  const program = await buildServerProgram()
  const directory = await serverDirectory()
  const server = await startServerProcess({
    program,
    directory,
    variables: { UPSTREAM_REGISTRY: `http://${hub.host}`, INSECURE_REGISTRIES: hub.host, ENTREPOT_LANG: "en", ...variables },
  })
  onTestFinished(async () => {
    for (const each of [server, program, hub]) await each[Symbol.asyncDispose]()
  })
  await hub.client.push("library/nginx:1.27", nginx)
  const admin = await claimServer(server.url, "a token of our own")
  return { hub, server, admin, host: new URL(server.url).host }
}

const inspected = async (reference: string, ...login: readonly string[]) => {
  const text = await skopeo("inspect", "--no-tags", "--tls-verify=false", ...login, `docker://${reference}`)
  return (JSON.parse(text.toString()) as { readonly Digest: string }).Digest
}

/** The job that was started, once it has ended. */
async function endOf(admin: Caller, id: number): Promise<{ readonly status: string; readonly target_image: string }> {
  for (;;) {
    const { job } = (await admin.ask("GET", `/api/jobs/${id}`)).json() as {
      readonly job: { readonly status: string; readonly target_image: string }
    }
    if (!["queued", "running", "waiting"].includes(job.status)) return job
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

describe.skipIf(needs("docker-registry", "skopeo"))("the registry of a running server", () => {
  test("takes pushes with a key, and lets everybody pull from a public project alone", { timeout: 120_000 }, async () => {
    const { hub, admin, host } = await start()
    const { id } = await admin.call<{ id: number }>("mutation", "projects.create", { name: "team" })
    const key = await createKey(admin, "ci", ["push"])
    const copy = ["copy", "--src-tls-verify=false", "--dest-tls-verify=false"]
    const ends = [`docker://${hub.host}/library/nginx:1.27`, `docker://${host}/team/app:1`]
    await expect(skopeo(...copy, ...ends)).rejects.toThrow(/denied: requested access to the resource is denied/)
    await skopeo(...copy, "--dest-creds", `admin:${key}`, ...ends)

    expect(await inspected(`${host}/team/app:1`, "--creds", `admin:${key}`)).toBe(digest)
    await expect(inspected(`${host}/team/app:1`)).rejects.toThrow(/unauthorized|authentication required|denied/i)
    await admin.call("mutation", "projects.update", { id, isPublic: true })
    expect(await inspected(`${host}/team/app:1`)).toBe(digest)
    await expect(skopeo(...copy, ...ends)).rejects.toThrow(/unauthorized|authentication required|denied/i)
    const { repositories } = await admin.call<{ repositories: { name: string }[] }>("query", "registry.repositories", {})
    expect(repositories.map(({ name }) => name)).toEqual(["team/app"])
  })

  test("keeps what was mirrored without a target, under the name that the job tells", { timeout: 120_000 }, async () => {
    const { hub, admin, host } = await start()
    const started = await admin.ask("POST", "/api/jobs", { source_image: `${hub.host}/library/nginx:1.27`, naming: "basename" })
    const { job } = started.json() as { readonly job: { readonly id: number } }
    expect(await endOf(admin, job.id)).toMatchObject({ status: "succeeded", target_image: `${host}/proxy/nginx:1.27` })
    await hub[Symbol.asyncDispose]()
    expect(await inspected(`${host}/proxy/nginx:1.27`)).toBe(digest)
  })

  test("reads through, writes down who pulled what, and owns every spelling of its paths", { timeout: 120_000 }, async () => {
    const { hub, server, admin, host } = await start()
    expect(await inspected(`${host}/library/nginx:1.27`)).toBe(digest)
    await hub[Symbol.asyncDispose]()
    expect(await inspected(`${host}/library/nginx:1.27`)).toBe(digest)

    const { logs } = (await admin.ask("GET", "/api/logs?action=pull")).json() as {
      readonly logs: readonly Readonly<Record<string, unknown>>[]
    }
    expect(logs.map(({ image, status, cache }) => ({ image, status, cache }))).toContainEqual({
      ...{ image: "docker.io/library/nginx", status: 200, cache: "miss" },
    })
    expect(logs.every(({ ip }) => ip === "127.0.0.1")).toBe(true)
    expect(server.output()).not.toContain("/v2/library/nginx")

    for (const path of ["/%76%32/", "/V2/", "/v2;x/", "/v2/../v2/_catalog/../x"]) {
      const answer = await fetch(`${server.url}/${path.slice(1)}`, { redirect: "manual" })
      expect([path, answer.status === 404 || answer.status === 401]).toEqual([path, true])
    }
  })
})
