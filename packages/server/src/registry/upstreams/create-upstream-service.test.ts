import { randomBytes } from "node:crypto"
import { testRegistry } from "@entrepot/testing"
import { expect, test } from "vitest"
import { openTestStores } from "../../accounts/accounts.fixture.ts"
import { SealedText } from "../../targets/sealed-text.ts"
import { person } from "../../targets/targets.fixture.ts"
import { createUpstreamService } from "./create-upstream-service.ts"
import { LiveUpstreams } from "./live-upstreams.ts"
import { seedUpstreams } from "./well-known-upstreams.ts"

const [admin, viewer] = [person(1, "admin"), person(2, "viewer")]
const harbor = {
  name: "harbor",
  registry: "docker.io",
  url: "https://harbor.example.com/dockerhub",
  username: "robot",
  password: "canary password",
}

/** The service over a database of its own, as one process of perhaps several has it. */
async function openTest({
  masterKeys = [randomBytes(32)] as readonly Uint8Array[],
  configured = undefined as string | undefined,
} = {}) {
  const base = await openTestStores()
  const { stores, log } = base
  const process = (keys = masterKeys) => {
    const seals = new SealedText(keys, undefined, "upstream")
    const live = new LiveUpstreams({ store: stores.upstreams, seals, hosts: {}, configured, log })
    const service = createUpstreamService({ stores, live, seals, hosts: {}, health: () => [], log, now: Date.now })
    return { live, service }
  }
  return { ...base, process, ...process(), [Symbol.asyncDispose]: base[Symbol.asyncDispose] }
}

const passwordsOf = async ({ live }: { readonly live: LiveUpstreams }) => {
  const found = await Promise.all(live.list().map((upstream) => upstream.credentials()))
  return found.map((login) => (login !== undefined && "password" in login ? login.password : undefined))
}

test("an upstream is in force when it is saved, in another process once that looks, and its password is shown to nobody", async () => {
  await using test = await openTest()
  const other = test.process()
  const made = await test.service.create(admin, harbor)
  expect(made).toEqual({
    id: made.id,
    name: "harbor",
    registry: "docker.io",
    url: "https://harbor.example.com",
    pathPrefix: "dockerhub",
    priority: 100,
    enabled: true,
    virtualHosts: [],
    tagLifetimeMs: null,
    tlsVerify: true,
    username: "robot",
    version: 2,
    createdAt: made.createdAt,
    updatedAt: made.updatedAt,
    hasPassword: true,
    hasCa: false,
    configured: false,
    pinned: false,
    health: null,
  })
  expect(await passwordsOf(test)).toEqual(["canary password"])
  expect(other.live.list()).toEqual([])
  await other.live.refresh()
  expect(await passwordsOf(other)).toEqual(["canary password"])

  await test.service.update(admin, made.id, { enabled: false })
  expect(test.live.list()).toEqual([])
  await test.service.remove(admin, made.id)
  await expect(test.service.get(admin, made.id)).rejects.toMatchObject({
    code: "not_found",
    message: "there is no such upstream",
  })
  expect((await test.fileBytes()).includes("canary")).toBe(false)
  expect(test.logged()).not.toContain("canary")
})

test("a password stays through edits, and is forgotten with its host, its scheme or its user", async () => {
  await using test = await openTest()
  const { id } = await test.service.create(admin, harbor)
  await test.service.update(admin, id, { priority: 5, url: "https://harbor.example.com", pathPrefix: "hub", username: "other" })
  expect(await passwordsOf(test)).toEqual(["canary password"])
  expect((await test.service.update(admin, id, { url: "https://evil.example.com" })).hasPassword).toBe(false)
  await test.service.update(admin, id, { password: "another" })
  expect(await passwordsOf(test)).toEqual(["another"])
  expect((await test.service.update(admin, id, { url: "http://evil.example.com" })).hasPassword).toBe(false)
  await test.service.update(admin, id, { password: "in clear" })
  expect((await test.service.update(admin, id, { username: null })).hasPassword).toBe(false)
})

test("S19: a seal opens neither in another row nor for another host, nor as a target's", async () => {
  const masterKeys = [randomBytes(32)]
  await using test = await openTest({ masterKeys })
  const { id } = await test.service.create(admin, harbor)
  const row = await test.stores.upstreams.get(id)
  const binding = { ownerId: 0, id, host: "harbor.example.com", version: row?.version ?? 0 }
  expect(new SealedText(masterKeys, undefined, "upstream").open(row?.sealed ?? "", binding)).toBe("canary password")
  expect(new SealedText(masterKeys).open(row?.sealed ?? "", binding)).toBeUndefined()
  await test.stores.upstreams.update(id, { url: "https://evil.example.com" }, 0)
  await test.live.refresh()
  expect(await passwordsOf(test)).toEqual([undefined])
  expect(test.logged()).toContain("no present master key opens this upstream's password; it is asked without")
})

test("without a master key no password is kept", async () => {
  await using test = await openTest({ masterKeys: [] })
  await expect(test.service.create(admin, harbor)).rejects.toMatchObject({
    code: "unavailable",
    message: "passwords cannot be kept: no master key is configured (MASTER_KEY_FILE)",
  })
  expect(await test.service.list(admin)).toEqual([])
})

test("the well-known registries are there at the first start, and what was removed stays away", async () => {
  await using test = await openTest()
  await Promise.all([1, 2, 3].map(() => seedUpstreams(test.stores, 0)))
  const first = await test.service.list(viewer)
  expect(first).toHaveLength(9)
  expect(first.find(({ registry }) => registry === "docker.io")).toMatchObject({
    ...{ name: "Docker Hub", url: "https://registry-1.docker.io", enabled: true },
  })
  await test.service.remove(admin, first[0]?.id ?? 0)
  await seedUpstreams(test.stores, 0)
  expect(await test.service.list(viewer)).toHaveLength(8)
})

test("seed 2: the configuration's upstream is asked before all others of Docker Hub, and keeps what is saved of it", async () => {
  await using test = await openTest({ configured: "https://mirror.example.com" })
  await seedUpstreams(test.stores, 0)
  const [first] = await test.service.list(admin)
  expect(first).toMatchObject({
    id: 0,
    registry: "docker.io",
    url: "https://mirror.example.com",
    priority: -1,
    configured: true,
    pinned: true,
  })
  await expect(test.service.update(admin, 0, { enabled: false })).rejects.toMatchObject({ code: "not_found" })

  const { id } = await test.service.create(admin, { ...harbor, url: "https://mirror.example.com" })
  const all = await test.service.list(admin)
  expect(all[0]).toMatchObject({ id, priority: -1, hasPassword: true, configured: false, pinned: true })
  expect(all.filter(({ pinned }) => pinned)).toHaveLength(1)

  await test.service.create(admin, { name: "urgent", registry: "docker.io", url: "https://urgent.example.com", priority: -5 })
  expect((await test.service.list(admin)).map(({ name, priority }) => [name, priority]).slice(0, 1)).toEqual([["harbor", -6]])
  expect(all.filter(({ url }) => url === "https://mirror.example.com")).toHaveLength(1)
})

test("upstreams of one registry are put in order", async () => {
  await using test = await openTest()
  const make = (name: string, registry = "docker.io") =>
    test.service.create(admin, { name, registry, url: `https://${name}.example.com` })
  const [a, b, c] = [await make("a"), await make("b"), await make("c")]
  const quay = await make("quay", "quay.io")
  await test.service.order(admin, [c.id, a.id, b.id])
  expect(test.live.list().map(({ name }) => name)).toEqual(["c", "a", "b", "quay"])
  const refused = { code: "invalid" }
  await expect(test.service.order(admin, [a.id, quay.id])).rejects.toMatchObject(refused)
  await expect(test.service.order(admin, [a.id, a.id])).rejects.toMatchObject(refused)
})

test("an upstream is tried without a word of what answers, and nothing is pushed", async () => {
  await using hub = await testRegistry({ auth: { basic: { robot: "right" } } })
  await using test = await openTest()
  const { signal } = new AbortController()
  const url = `http://${hub.host}`
  const yes = { answer: "yes" }
  const login = { username: "robot", password: "right" }
  expect(await test.service.check(admin, { url, ...login }, signal)).toEqual({
    reachable: yes,
    tls: { answer: "plain" },
    credentials: yes,
  })
  const { id } = await test.service.create(admin, { name: "hub", registry: "docker.io", url, ...login, password: "wrong" })
  expect(await test.service.check(admin, { id }, signal)).toMatchObject({
    reachable: yes,
    credentials: { answer: "no", code: "unauthorized" },
  })
  expect(hub.matching("POST upload")).toEqual([])
  await expect(test.service.check(viewer, { id }, signal)).rejects.toMatchObject({ code: "forbidden" })
})

test.each([
  [{ url: "ftp://harbor.example.com" }, "an upstream's URL is written like https://registry.example.com, with https or http"],
  [{ url: "https://user:pw@harbor.example.com" }, "user and password have fields of their own, not in the URL"],
  [{ url: "https://harbor.example.com/a//b" }, "a path prefix is written like the path of an image: dockerhub-cache"],
  [{ registry: "dockerhub" }, "a registry is named as images name it: docker.io, ghcr.io, registry.example.com:5000"],
  [{ virtualHosts: ["a b"] }, "virtual hosts are at most 20 names such as hub.mirror.example.com"],
  [{ priority: 0.5 }, "a priority is a whole number from -10000 to 10000; the lowest is asked first"],
  [{ tagLifetimeMs: -1 }, "a tag's lifetime is from 0 to 30 days, in milliseconds"],
  [{ name: "\n" }, "an upstream has a name of 1 to 100 printable characters"],
  [{ username: "a:b" }, "a user name at a registry has 1 to 256 printable characters and no colon"],
])("%j is refused", async (wrong, message) => {
  await using test = await openTest()
  await expect(test.service.create(admin, { ...harbor, ...wrong })).rejects.toMatchObject({ code: "invalid", message })
  expect(await test.service.list(admin)).toEqual([])
})
