import { credentials } from "@entrepot/core"
import { image, type TestImage, testRegistry } from "@entrepot/testing"
import { expect, test } from "vitest"
import type { ClientIdentity } from "./client-identity.ts"
import { app, bytesOf, loginOf, signal, testProxy, upstreamAt } from "./proxy.fixture.ts"
import { TurnedAway } from "./turned-away.ts"

const secret = image({ seed: "secret", layers: [{ sizeBytes: 3000 }] })
const later = image({ seed: "later", layers: [{ sizeBytes: 3000 }] })
const third = image({ seed: "third", layers: [{ sizeBytes: 3000 }] })
const open = image({ seed: "open", layers: [{ sizeBytes: 3000 }] })
const ann = loginOf("ann", "anns password")
const bob = loginOf("bob", "bobs password")
const users = { ann: "anns password", bob: "bobs password" }
const minute = 60_000
const layerOf = (of: TestImage) => [...of.blobs.keys()].at(-1) ?? ""

/** Ann may read all, Bob nothing of team/app, strangers only what is public. */
const auth = (isPublic: () => boolean) => ({
  token: users,
  anonymousPull: true,
  grant: (user: string | undefined, repository: string, actions: readonly string[]) =>
    user === "ann" || repository !== "team/app" || isPublic() ? actions : [],
})

test("S6: what came with one client's login is shown to nobody else: not by tag, not by digest, not as a blob, not in a list", async () => {
  await using hub = await testRegistry({ images: { "team/app:v1": secret }, auth: auth(() => false) })
  const through = await testProxy([upstreamAt(hub)])
  const { proxy, warehouse, time } = through
  const hers = proxy.repository(app, ann)
  const { digest } = secret.descriptor
  expect(await hers.manifest("v1", signal)).toMatchObject({ cache: "miss" })
  expect((await bytesOf(through, layerOf(secret), ann))?.length).toBe(3000)
  expect(await warehouse.repositories.get(app.name)).toMatchObject({ shared: false })
  for (const [identity, refusal] of [
    [bob, { code: "DENIED", status: 403, message: `${hub.host} does not let this login read hub.test/team/app` }],
    [undefined, { code: "NAME_UNKNOWN", status: 404 }],
  ] as const) {
    const others = proxy.repository(app, identity)
    expect(others.recall("v1")).toBeUndefined()
    expect(others.recall(digest)).toBeUndefined()
    for (const reference of ["v1", digest]) {
      await expect(others.manifest(reference, signal)).rejects.toMatchObject(refusal)
      await expect(others.describe(reference, signal)).rejects.toMatchObject(refusal)
    }
    await expect(others.blob(layerOf(secret), signal)).rejects.toMatchObject(refusal)
    await expect(others.tags({ after: undefined, limit: 9 }, signal)).rejects.toMatchObject(refusal)
    await expect(others.referrers(digest, signal)).rejects.toMatchObject(refusal)
  }
  await hub.close()
  time.now += minute
  for (const identity of [bob, undefined]) {
    const others = proxy.repository(app, identity)
    for (const reference of ["v1", digest])
      await expect(others.manifest(reference, signal)).rejects.toMatchObject({ status: 502 })
    await expect(others.blob(layerOf(secret), signal)).rejects.toMatchObject({ status: 502 })
    await expect(others.tags({ after: undefined, limit: 9 }, signal)).rejects.toMatchObject({ status: 502 })
  }
})

test("S6: an upstream's yes is believed for a minute, and asked for again after it", async () => {
  await using hub = await testRegistry({ images: { "team/app:v1": secret }, auth: auth(() => false) })
  const through = await testProxy([upstreamAt(hub)], { tagLifetimeMs: 10 * minute })
  const { proxy, time } = through
  const hers = proxy.repository(app, ann)
  const { digest } = secret.descriptor
  await hers.manifest("v1", signal)
  await bytesOf(through, layerOf(secret), ann)
  hub.clearRequests()
  time.now += minute - 1
  expect(await hers.manifest(digest, signal)).toMatchObject({ cache: "hit" })
  expect(await hers.manifest("v1", signal)).toMatchObject({ cache: "hit" })
  expect(hers.recall("v1")).toMatchObject({ cache: "hit" })
  expect(await hers.blob(layerOf(secret), signal)).toMatchObject({ cache: "hit" })
  expect(hub.requests).toEqual([])
  time.now += 1
  expect(hers.recall("v1")).toBeUndefined()
  expect(await hers.manifest("v1", signal)).toMatchObject({ cache: "revalidated" })
  time.now += minute
  expect(await hers.manifest(digest, signal)).toMatchObject({ cache: "revalidated", upstream: hub.host })
  time.now += minute
  expect(await hers.blob(layerOf(secret), signal)).toMatchObject({ cache: "revalidated", upstream: hub.host })
  expect(hub.count("GET manifest") + hub.count("GET blob")).toBe(0)
  time.now += minute
  hub.revokeTokens()
  await hub.close()
  await expect(hers.manifest(digest, signal)).rejects.toMatchObject({ status: 502 })
})

test("S6: what strangers may read is theirs from memory, until something comes that needed a login", async () => {
  let isPublic = true
  await using hub = await testRegistry({ images: { "team/app:v1": open }, auth: auth(() => isPublic) })
  const through = await testProxy([upstreamAt(hub)])
  const { proxy, warehouse, time } = through
  await proxy.repository(app).manifest("v1", signal)
  expect(await warehouse.repositories.get(app.name)).toMatchObject({ shared: true })
  await proxy.repository(app).manifest("v1", signal)
  // whoever has a login has no fewer rights than a stranger
  expect(proxy.repository(app, bob).recall("v1")).toMatchObject({ cache: "hit" })
  // and what comes with a login, and strangers may read as well, closes nothing
  hub.add("team/app:v3", third)
  await proxy.repository(app, bob).manifest("v3", signal)
  await bytesOf(through, layerOf(third), bob)
  expect(await warehouse.repositories.get(app.name)).toMatchObject({ shared: true })
  expect(await proxy.repository(app).manifest(third.descriptor.digest, signal)).toMatchObject({ cache: "hit" })
  isPublic = false
  hub.revokeTokens()
  hub.add("team/app:v2", later)
  await proxy.repository(app, ann).manifest("v2", signal)
  expect(await warehouse.repositories.get(app.name)).toMatchObject({ shared: false })
  const strangers = proxy.repository(app)
  for (const { digest } of [open.descriptor, later.descriptor]) {
    expect(strangers.recall(digest)).toBeUndefined()
    await expect(strangers.manifest(digest, signal)).rejects.toBeInstanceOf(TurnedAway)
  }
  isPublic = true
  time.now += minute
  hub.revokeTokens()
  expect(await strangers.manifest(later.descriptor.digest, signal)).toMatchObject({ cache: "revalidated" })
  expect(await strangers.manifest(open.descriptor.digest, signal)).toMatchObject({ cache: "hit" })
  expect(await warehouse.repositories.get(app.name)).toMatchObject({ shared: true })
})

test("S6: bytes that came through one repository are another's only when an upstream says so", async () => {
  const foreign = image({ seed: "foreign" })
  await using hub = await testRegistry({ images: { "team/app:v1": secret, "team/other:v1": foreign } })
  const through = await testProxy([upstreamAt(hub)])
  const { proxy } = through
  await proxy.repository(app).manifest("v1", signal)
  await bytesOf(through, layerOf(secret))
  const other = proxy.repository({ ...app, name: "hub.test/team/other", path: "team/other" })
  await other.manifest("v1", signal)
  expect(await other.blob(layerOf(secret), signal)).toBeUndefined()
  hub.add("team/other:v2", secret)
  await other.manifest("v2", signal)
  hub.clearRequests()
  // its own manifest names it: 404 was said of a stranger's digest
  const [shared] = await Promise.all([1, 2, 3].map(() => other.blob(layerOf(secret), signal)))
  expect(shared).toMatchObject({ cache: "revalidated", upstream: hub.host, sizeBytes: 3000 })
  expect(hub.requests.map(({ method, resource }) => `${method} ${resource}`)).toEqual(["HEAD blob"])
  await hub.close()
  expect(await other.blob(layerOf(secret), signal)).toMatchObject({ cache: "hit" })
})

test("a blob that no manifest here names is asked for, and its size with it", async () => {
  await using hub = await testRegistry({ images: { "team/app:v1": open } })
  const through = await testProxy([upstreamAt(hub)])
  const { proxy } = through
  expect((await bytesOf(through, layerOf(open)))?.length).toBe(3000)
  const missing = `sha256:${"0".repeat(64)}`
  expect(await proxy.repository(app).blob(missing, signal)).toBeUndefined()
  hub.clearRequests()
  expect(await proxy.repository(app).blob(missing, signal)).toBeUndefined()
  expect(hub.requests).toEqual([])
  // what is no blob may be a manifest
  expect(await proxy.repository(app).blob(open.descriptor.digest, signal)).toBeUndefined()
  expect(await proxy.repository(app).manifest(open.descriptor.digest, signal)).toMatchObject({ cache: "miss" })
  // harbor#22609
  hub.fail("HEAD blob", { as: "status", status: 404, times: 9 })
  const [config = ""] = open.blobs.keys()
  expect((await bytesOf(through, config))?.length).toBe(open.blobs.get(config)?.sizeBytes)
})

test("S2: a client's own token goes to the upstream itself, and not where a redirect leads", async () => {
  await using hub = await testRegistry({ images: { "team/app:v1": secret }, auth: auth(() => false), redirectBlobs: true })
  const scope = "repository:team/app:pull"
  const answer = await fetch(`${hub.tokenOrigin}/token?service=test-registry&scope=${scope}`, {
    headers: { authorization: `Basic ${Buffer.from("ann:anns password").toString("base64")}` },
  })
  const { token } = (await answer.json()) as { token: string }
  const bearer = (text: string): ClientIdentity => ({ key: text, shows: { bearer: text } })
  const through = await testProxy([upstreamAt(hub)], { http: { hosts: { [new URL(hub.cdnOrigin ?? "").host]: {} } } })
  const { proxy } = through
  hub.clearRequests()
  expect(await proxy.repository(app, bearer(token)).manifest("v1", signal)).toMatchObject({ cache: "miss" })
  expect((await bytesOf(through, layerOf(secret), bearer(token)))?.length).toBe(3000)
  expect(hub.matching("* token")).toEqual([])
  const cdn = hub.matching("* cdn")
  expect(cdn.length).toBeGreaterThan(0)
  for (const { headers } of cdn) expect(headers.authorization).toBeUndefined()
  const refusal = { code: "UNAUTHORIZED", status: 401, message: `${hub.host} does not let this login read hub.test/team/app` }
  await expect(proxy.repository(app, bearer("junk")).manifest("v1", signal)).rejects.toMatchObject(refusal)
  await expect(proxy.repository(app).manifest("v1", signal)).rejects.toBeInstanceOf(TurnedAway)
})

test("S1: a client's login is shown to the first upstream of the default registry, and to no other", async () => {
  await using hub = await testRegistry({ images: { "team/other:v1": secret }, auth: "none" })
  await using mirror = await testRegistry({ images: { "team/app:v1": secret }, auth: { basic: users } })
  await using elsewhere = await testRegistry({ images: { "team/app:v1": open }, auth: { basic: users, anonymousPull: true } })
  const { proxy } = await testProxy([
    upstreamAt(hub, { id: 1, priority: 1 }),
    upstreamAt(mirror, { id: 2, priority: 2 }),
    upstreamAt(elsewhere, { id: 3, registry: "elsewhere.test" }),
  ])
  expect(await proxy.repository(app, ann).manifest("v1", signal)).toBeUndefined()
  expect(mirror.requests).toEqual([])
  const there = { kind: "proxied", name: "elsewhere.test/team/app", registry: "elsewhere.test", path: "team/app" } as const
  expect(await proxy.repository(there, ann).manifest("v1", signal)).toMatchObject({ cache: "miss" })
  for (const { headers } of elsewhere.requests) expect(headers.authorization).toBeUndefined()
})

test("how clients log in at the default registry, and whether it takes what they show", async () => {
  await using hub = await testRegistry({ images: {}, auth: auth(() => false) })
  const { proxy, time } = await testProxy([upstreamAt(hub)])
  expect(proxy.login.registry).toBe("hub.test")
  const challenge = `Bearer realm="${hub.tokenOrigin}/token"`
  expect(await Promise.all([proxy.login.challenge(), proxy.login.challenge()])).toEqual([
    expect.stringContaining(challenge),
    expect.stringContaining(challenge),
  ])
  expect(proxy.login.challenge()).toContain(challenge)
  expect(hub.count("GET ping")).toBe(1)
  expect(await proxy.login.accepts?.(credentials({ username: "ann", password: "anns password" }))).toBe(true)
  expect(await proxy.login.accepts?.(credentials({ username: "ann", password: "wrong" }))).toBe(false)
  await hub.close()
  await expect(proxy.login.accepts?.(credentials({ username: "ann", password: "anns password" }))).rejects.toMatchObject({
    code: "network",
  })
  time.now += 60 * minute
  expect(await proxy.login.challenge()).toBeUndefined()
})

test("S6: a list that was shown to one client's login is theirs for a minute, however long tags are believed", async () => {
  let annMay = true
  await using hub = await testRegistry({
    images: { "team/app:v1": secret },
    auth: { token: users, grant: (user, _, actions) => (user === "ann" && annMay ? actions : []) },
  })
  const { proxy, time } = await testProxy([upstreamAt(hub)], { tagLifetimeMs: 60 * minute })
  const hers = proxy.repository(app, ann)
  const { digest } = secret.descriptor
  const refusal = { code: "DENIED", status: 403 }
  expect(await hers.tags({ after: undefined, limit: 9 }, signal)).toEqual({ names: ["v1"], more: false })
  expect(await hers.referrers(digest, signal)).toEqual([])
  annMay = false
  hub.revokeTokens()
  time.now += minute - 1
  expect(await hers.tags({ after: undefined, limit: 9 }, signal)).toEqual({ names: ["v1"], more: false })
  time.now += 1
  await expect(hers.tags({ after: undefined, limit: 9 }, signal)).rejects.toMatchObject(refusal)
  await expect(hers.referrers(digest, signal)).rejects.toMatchObject(refusal)
})

test("S6: the names of repositories that only a client's login has opened are in nobody's catalog", async () => {
  await using hub = await testRegistry({ images: { "team/app:v1": secret, "team/open:v1": open }, auth: auth(() => false) })
  const { proxy, warehouse } = await testProxy([upstreamAt(hub)])
  await proxy.repository(app, ann).manifest("v1", signal)
  for (const name of ["team/open", "a/first", "z/last"]) hub.add(`${name}:v1`, open)
  for (const path of ["a/first", "team/open", "z/last"])
    await proxy.repository({ ...app, name: `hub.test/${path}`, path }).manifest("v1", signal)
  expect((await warehouse.listRepositories({ limit: 9 })).map(({ name }) => name)).toContain(app.name)
  const names = async (page: { after?: string; limit: number }) => (await proxy.repositories(page)).map(({ name }) => name)
  expect(await names({ limit: 9 })).toEqual(["hub.test/a/first", "hub.test/team/open", "hub.test/z/last"])
  expect(await names({ limit: 1, after: "hub.test/a/first" })).toEqual(["hub.test/team/open"])
  expect(await names({ limit: 2, after: "hub.test/a/first" })).toEqual(["hub.test/team/open", "hub.test/z/last"])
})
