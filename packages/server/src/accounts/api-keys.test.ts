import { randomBytes } from "node:crypto"
import type { Role, Scope } from "@entrepot/db/stores"
import { expect, test } from "vitest"
import { openTestAccounts, origin } from "./accounts.fixture.ts"

const here = origin.address

test("a key opens what its scopes and its owner's role allow, and is shown once", async () => {
  await using test = await openTestAccounts()
  await test.admin()
  const ann = await test.person("ann", "operator")
  const { key, secret } = await test.accounts.createKey(ann, { name: " ci ", scopes: ["jobs:write"], expiresAt: null })
  expect(secret).toMatch(new RegExp(`^ept_${key.id}_[\\w-]{43}$`))
  const shown = { ...key, name: "ci", userId: ann.userId, scopes: ["jobs:write"], lastUsedAt: null, expiresAt: null }
  expect(await test.accounts.listKeys(ann)).toEqual([shown])
  expect(JSON.stringify(await test.accounts.listKeys(ann))).not.toContain("hash")
  expect(await test.accounts.byBearer(secret, here)).toEqual({
    userId: ann.userId,
    name: "ann",
    role: "operator",
    via: "key",
    scopes: ["jobs:write"],
    mustChange: false,
    credentialId: key.id,
    address: here,
  })
  expect((await test.stores.apiKeys.get(key.id))?.hash).toMatch(/^[0-9a-f]{64}$/)
})

test("a key that differs anywhere is none", async () => {
  await using test = await openTestAccounts()
  const admin = await test.admin()
  const { secret } = await test.accounts.createKey(admin, { name: "ci", scopes: ["admin"], expiresAt: null })
  const other = (await test.accounts.createKey(admin, { name: "other", scopes: ["pull"], expiresAt: null })).secret
  const wrong = [
    ...Array.from(
      { length: secret.length },
      (_, at) => secret.slice(0, at) + (secret[at] === "a" ? "b" : "a") + secret.slice(at + 1),
    ),
    `${secret}=`,
    secret.slice(0, -1),
    secret.toUpperCase(),
    ` ${secret}`,
    `${other.slice(0, 21)}${secret.slice(21)}`,
    `ept_${"0".repeat(16)}_${randomBytes(32).toString("base64url")}`,
  ]
  for (const [index, bearer] of wrong.entries()) {
    expect(await test.accounts.byBearer(bearer, `10.0.${index}.1`), bearer).toBeUndefined()
  }
  expect((await test.accounts.byBearer(secret, here))?.scopes).toEqual(["admin"])
})

test.each<[Role, Scope, boolean]>([
  ["admin", "admin", true],
  ["admin", "jobs:write", true],
  ["operator", "admin", false],
  ["operator", "jobs:write", true],
  ["viewer", "admin", false],
  ["viewer", "jobs:write", false],
  ["viewer", "jobs:read", true],
  ["operator", "push", true],
  ["viewer", "push", false],
  ["viewer", "pull", true],
])("%s and a key of scope %s: %j", async (role, scope, allowed) => {
  await using test = await openTestAccounts()
  await test.admin()
  const actor = await test.person("ann", role)
  const made = test.accounts.createKey(actor, { name: "ci", scopes: ["pull", scope], expiresAt: null })
  if (allowed) await made
  else {
    await expect(made).rejects.toMatchObject({
      code: "forbidden",
      message: `the role ${role} cannot hand out the scope ${scope}`,
    })
  }
})

test("the keys of who is demoted, disabled or removed lose their power at once", async () => {
  await using test = await openTestAccounts()
  const admin = await test.admin()
  const { accounts } = test
  const ann = await test.person("ann", "admin")
  const { secret, key } = await accounts.createKey(ann, { name: "ci", scopes: ["admin", "jobs:read"], expiresAt: null })
  const opened = await accounts.byBearer(secret, here)
  if (opened === undefined) throw new Error("the key opens nothing")
  expect(await accounts.isStillValid(opened)).toBe(true)
  const ended: string[] = []
  accounts.onEnded((id) => ended.push(id))
  await accounts.updateUser(admin, ann.userId, { role: "viewer" })
  expect(ended).toContain(key.id)
  expect(await accounts.isStillValid(opened)).toBe(false)
  expect(await accounts.byBearer(secret, here)).toMatchObject({ role: "viewer", scopes: ["jobs:read"] })
  await accounts.updateUser(admin, ann.userId, { disabled: true })
  expect(await accounts.byBearer(secret, here)).toBeUndefined()
  await accounts.updateUser(admin, ann.userId, { disabled: false })
  expect(await accounts.byBearer(secret, here)).toMatchObject({ role: "viewer" })
  await accounts.removeUser(admin, ann.userId)
  expect(await accounts.byBearer(secret, here)).toBeUndefined()
})

test("a key ends when its time has come, and says when it was used, once a minute", async () => {
  await using test = await openTestAccounts()
  const admin = await test.admin()
  const begun = test.clock.now
  const { secret, key } = await test.accounts.createKey(admin, { name: "ci", scopes: ["pull"], expiresAt: begun + 120_000 })
  const lastUsed = async () => (await test.stores.apiKeys.get(key.id))?.lastUsedAt
  expect(await lastUsed()).toBeNull()
  const opened = await test.accounts.byBearer(secret, here)
  expect(await lastUsed()).toBe(begun)
  test.clock.now += 59_999
  await test.accounts.byBearer(secret, here)
  expect(await lastUsed()).toBe(begun)
  test.clock.now += 1
  await test.accounts.byBearer(secret, here)
  expect(await lastUsed()).toBe(begun + 60_000)
  test.clock.now += 60_000
  expect(await test.accounts.byBearer(secret, here)).toBeUndefined()
  expect(opened && (await test.accounts.isStillValid(opened))).toBe(false)
})

test("hundreds may come with one key at once, a wrong one among them, and the use is written once", async () => {
  await using test = await openTestAccounts()
  const admin = await test.admin()
  const { secret } = await test.accounts.createKey(admin, { name: "ci", scopes: ["pull"], expiresAt: null })
  const bearers = Array.from({ length: 500 }, (_, i) => (i === 7 ? `${secret.slice(0, -5)}wrong` : secret))
  const actors = await Promise.all(bearers.map((bearer) => test.accounts.byBearer(bearer, here)))
  expect(actors.filter((actor) => actor?.name === "admin")).toHaveLength(499)
  const uses = (await test.stores.audit.list({ limit: 200 })).filter(({ action }) => action === "key.use")
  expect(uses).toHaveLength(1)
})

test("S13: the keys of others are not found, for administrators too", async () => {
  await using test = await openTestAccounts()
  const admin = await test.admin()
  const ann = await test.person("ann", "operator")
  const { key, secret } = await test.accounts.createKey(ann, { name: "ci", scopes: ["pull"], expiresAt: null })
  for (const [actor, id] of [
    [admin, key.id],
    [ann, "0000000000000000"],
    [ann, ""],
  ] as const) {
    await expect(test.accounts.removeKey(actor, id)).rejects.toMatchObject({ code: "not_found", message: "you have no such key" })
  }
  expect(await test.accounts.listKeys(admin)).toEqual([])
  expect((await test.accounts.byBearer(secret, here))?.name).toBe("ann")
  await test.accounts.removeKey(ann, key.id)
  expect(await test.accounts.byBearer(secret, here)).toBeUndefined()
})

test("a key can hand out no keys, and change neither password nor token", async () => {
  await using test = await openTestAccounts()
  const admin = await test.admin()
  const { secret } = await test.accounts.createKey(admin, { name: "ci", scopes: ["admin"], expiresAt: null })
  const key = await test.accounts.byBearer(secret, here)
  if (key === undefined) throw new Error("the key opens nothing")
  const asked = [
    test.accounts.createKey(key, { name: "more", scopes: ["admin"], expiresAt: null }),
    test.accounts.listKeys(key),
    test.accounts.removeKey(key, key.credentialId),
    test.accounts.changePassword(key, "own token 123", "password of thief"),
    test.accounts.changeToken(key, "token of a thief"),
  ]
  for (const result of await Promise.allSettled(asked)) expect(result).toMatchObject({ reason: { code: "forbidden" } })
  expect(await test.accounts.listUsers(key)).toHaveLength(1)
})

test.each([
  [{ name: "", scopes: ["pull"], expiresAt: null }, "a key has a name of 1 to 100 printable characters"],
  [{ name: "x".repeat(101), scopes: ["pull"], expiresAt: null }, "a key has a name of 1 to 100 printable characters"],
  [{ name: "a\nb", scopes: ["pull"], expiresAt: null }, "a key has a name of 1 to 100 printable characters"],
  [{ name: "ci", scopes: [], expiresAt: null }, "a key needs a scope"],
  [{ name: "ci", scopes: ["root" as Scope], expiresAt: null }, "a key needs a scope"],
  [{ name: "ci", scopes: ["pull"], expiresAt: 1 }, "a key cannot have expired before it is made"],
  [{ name: "ci", scopes: ["pull"], expiresAt: Number.NaN }, "a key cannot have expired before it is made"],
] as const)("%j is no key", async (wanted, message) => {
  await using test = await openTestAccounts()
  const made = test.accounts.createKey(await test.admin(), wanted)
  await expect(made).rejects.toMatchObject({ code: "invalid", message })
})
