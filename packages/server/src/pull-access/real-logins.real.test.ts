import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { containerd, dockerDaemon, needs, podman, runnableImage, testRegistry } from "@entrepot/testing"
import { describe, expect, test } from "vitest"
import type { Actor } from "../accounts/actor.ts"
import { readConfiguration } from "../configuration/read-configuration.ts"
import { silentLog } from "../runtime/runtime-settings.fixture.ts"
import { startServer } from "../start-server.ts"

const administrator: Actor = {
  ...{ userId: 1, name: "admin", role: "admin", via: "terminal", mustChange: false, credentialId: "", address: "" },
}

/** A registry that people log in to: account `ci` with `account pw`, pull user `ann` with `password of ann`, a whitelist of `free`. */
async function closedRegistry() {
  const hub = await testRegistry({ images: { "library/free:1": runnableImage(), "library/paid:1": runnableImage() } })
  const directory = await mkdtemp(join(tmpdir(), "entrepot-logins-"))
  const variables = {
    ...{ DATA_DIR: directory, PORT: "0", HOST: "127.0.0.1", UPSTREAM_REGISTRY: hub.origin },
    ACCOUNTS: Buffer.from("ci:account pw").toString("base64"),
  }
  const server = await startServer(await readConfiguration(variables, { root: directory }), { log: silentLog, graceMs: 100 })
  const { pullAccess, accounts, projects } = server.runtime.services
  await pullAccess.createUser(administrator, { name: "ann", password: "password of ann" })
  await pullAccess.createRule(administrator, { effect: "allow", prefix: "library/free" })
  await projects.create(administrator, { name: "team" })
  const key = await accounts.createKey(administrator, { name: "ci", scopes: ["push"], expiresAt: null })
  return {
    host: new URL(server.url).host,
    url: server.url,
    key: key.secret,
    [Symbol.asyncDispose]: async () => {
      await server.close()
      await hub[Symbol.asyncDispose]()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** `ok`, or what went wrong. */
async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return "ok"
  } catch (error) {
    return String(error)
  }
}

describe.skipIf(needs("dockerd", "docker", "root"))("docker", () => {
  test("logs in with an account, as a pull user or with a key, and pulls and pushes what that allows", async () => {
    await using registry = await closedRegistry()
    const { host } = registry
    await using daemon = await dockerDaemon({ registryMirrors: [registry.url], insecureRegistries: [host] })
    const settings = await mkdtemp(join(tmpdir(), "entrepot-docker-"))
    const docker = (args: readonly string[], input?: string) =>
      outcome(daemon.docker(["--config", settings, ...args], input === undefined ? undefined : Buffer.from(input)))
    const login = (user: string, password: string) => docker(["login", "--username", user, "--password-stdin", host], password)

    expect(await docker(["pull", "free:1"])).toBe("ok")
    expect(await docker(["pull", `${host}/library/paid:1`])).toContain("may require 'docker login'")
    for (const [user, password] of [
      ["ann", "wrong one"],
      ["admin", "docker-transformer"],
    ] as const) {
      expect(await login(user, password)).toContain("unauthorized: incorrect user name or password")
    }
    for (const [user, password] of [
      ["ci", "account pw"],
      ["ann", "password of ann"],
    ] as const) {
      expect(await login(user, password), user).toBe("ok")
      expect(await docker(["pull", `${host}/library/paid:1`]), user).toBe("ok")
      await docker(["tag", `${host}/library/paid:1`, `${host}/team/app:1`])
      expect(await docker(["push", `${host}/team/app:1`]), user).toContain("denied: requested access to the resource is denied")
      await docker(["image", "rm", `${host}/library/paid:1`])
    }
    expect(await login("whoever", registry.key)).toBe("ok")
    expect(await docker(["push", `${host}/team/app:1`])).toBe("ok")
    expect(await docker(["logout", host])).toBe("ok")
    expect(await docker(["push", `${host}/team/app:1`])).not.toBe("ok")
    await rm(settings, { recursive: true })
  })
})

describe.skipIf(needs("containerd", "ctr", "root"))("containerd", () => {
  test("shows a login, or none for what is whitelisted, by name and as a mirror", async () => {
    await using registry = await closedRegistry()
    await using daemon = await containerd()
    await daemon.setHosts(
      "docker.io",
      `server = "${registry.url}"\n[host."${registry.url}"]\ncapabilities = ["pull", "resolve"]\n`,
    )
    const pull = (image: string, login?: string) =>
      outcome(daemon.pull(image, { plainHttp: true, ...(login === undefined ? {} : { login }) }))
    for (const place of [`${registry.host}/library`, "docker.io/library"]) {
      expect(await pull(`${place}/free:1`)).toBe("ok")
      expect(await pull(`${place}/paid:1`)).not.toBe("ok")
      expect(await pull(`${place}/paid:1`, "ann:wrong one")).not.toBe("ok")
      expect(await pull(`${place}/paid:1`, "ann:password of ann")).toBe("ok")
    }
  })
})

describe.skipIf(needs("podman", "root"))("podman", () => {
  test("logs in, pulls, and pushes with a key", async () => {
    await using registry = await closedRegistry()
    await using tools = await podman()
    const run = (...args: readonly string[]) => outcome(tools.podman(args))
    const [insecure, image] = ["--tls-verify=false", `${registry.host}/library/paid:1`]
    const login = (user: string, password: string) => run("login", insecure, "-u", user, "-p", password, registry.host)
    expect(await run("pull", "--quiet", insecure, `${registry.host}/library/free:1`)).toBe("ok")
    expect(await run("pull", "--quiet", insecure, image)).toContain("unauthorized")
    expect(await login("ann", "wrong one")).toContain("invalid username/password")
    expect(await login("ann", "password of ann")).toBe("ok")
    expect(await run("pull", "--quiet", insecure, image)).toBe("ok")
    expect(await run("push", "--quiet", insecure, image, `${registry.host}/team/app:1`)).toContain("denied")
    expect(await login("ann", registry.key)).toBe("ok")
    expect(await run("push", "--quiet", insecure, image, `${registry.host}/team/app:1`)).toBe("ok")
  })
})
