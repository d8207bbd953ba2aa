import { createHash } from "node:crypto"
import { RegistryError } from "@entrepot/registry"
import { describe, expect, test } from "vitest"
import { address, openTestPullAccess } from "./pull-access.fixture.ts"

const ann = { name: "ann", password: "password of ann" }

test("a pull user logs in with its password, and with no other", async () => {
  await using all = await openTestPullAccess()
  const { access, admin } = all
  const { id } = await access.service.createUser(admin, ann)
  const subject = await access.authenticator.authenticate("ann", ann.password, address)
  expect(subject).toEqual({
    ...{ kind: "pull-user", name: "ann", id, ceiling: ["pull"], isAdmin: false },
    credential: expect.stringMatching(/^[\w-]{22}$/),
  })
  expect(await access.authenticator.authenticate("ann", "password of anm", address)).toBeUndefined()
  expect(await access.authenticator.authenticate("Ann", ann.password, address)).toBeUndefined()
})

test("an entry of ACCOUNTS logs in, several of one name included, and the same in every process", async () => {
  const accounts = [
    { username: "ci", password: "one" },
    { username: "ci", password: "two" },
    { username: "c", password: "ione" },
  ]
  await using all = await openTestPullAccess({ accounts })
  const { authenticator } = all.access
  const one = await authenticator.authenticate("ci", "one", address)
  const two = await authenticator.authenticate("ci", "two", address)
  expect(one).toEqual({ kind: "account", name: "ci", id: 0, ceiling: ["pull"], isAdmin: false, credential: expect.any(String) })
  expect(two?.credential).not.toBe(one?.credential)
  expect(await authenticator.authenticate("ci", "three", address)).toBeUndefined()
  expect(await authenticator.authenticate("cio", "ne", address)).toBeUndefined()
  const other = await all.another()
  expect(one && other.authenticator.stands(one)).toBe(true)
  await using without = await openTestPullAccess({ accounts: accounts.slice(1) })
  expect(one && without.access.authenticator.stands(one)).toBe(false)
})

describe("keys as passwords", () => {
  test.each([
    ["viewer", ["pull"], { ceiling: ["pull"], isAdmin: false }],
    ["operator", ["push"], { ceiling: ["pull", "push"], isAdmin: false }],
    ["admin", ["push"], { ceiling: ["pull", "push"], isAdmin: false }],
    ["admin", ["admin"], { ceiling: ["pull", "push", "delete", "catalog"], isAdmin: true }],
  ] as const)("of a %s, with %j", async (role, scopes, expected) => {
    await using all = await openTestPullAccess()
    const { id, userId, secret } = await all.key("kim", role, scopes)
    const subject = await all.access.authenticator.authenticate("whoever", secret, address)
    expect(subject).toEqual({ kind: "key", name: "kim", id: userId, credential: id, ...expected })
  })

  test("for other things open nothing here, and a wrong secret neither", async () => {
    await using all = await openTestPullAccess()
    const { secret } = await all.key("kim", "operator", ["jobs:write"])
    expect(await all.access.authenticator.authenticate("kim", secret, address)).toBeUndefined()
    const pull = await all.key("kim", "operator", ["pull"])
    expect(await all.access.authenticator.authenticate("kim", `${pull.secret.slice(0, -2)}xX`, address)).toBeUndefined()
  })

  test("end at once where they are removed, and with fewer rights of their owner", async () => {
    await using all = await openTestPullAccess()
    const { access, accounts, admin } = all
    const key = await all.key("kim", "operator", ["push"])
    const other = await all.key("lee", "operator", ["pull"])
    const kim = await access.authenticator.authenticate("kim", key.secret, address)
    const lee = await access.authenticator.authenticate("lee", other.secret, address)
    if (kim === undefined || lee === undefined) throw new Error("the keys are right")
    expect([access.authenticator.stands(kim), access.authenticator.stands(lee)]).toEqual([true, true])
    await accounts.updateUser(admin, key.userId, { role: "viewer" })
    await accounts.updateUser(admin, other.userId, { disabled: true })
    await access.refresh()
    expect([access.authenticator.stands(kim), access.authenticator.stands(lee)]).toEqual([false, false])
  })

  test("end when their time is over", async () => {
    await using all = await openTestPullAccess()
    const { secret, userId } = await all.key("kim", "viewer", ["pull"])
    const kim = await all.access.authenticator.authenticate("kim", secret, address)
    if (kim === undefined) throw new Error("the key is right")
    const [row] = await all.stores.apiKeys.listOf(userId)
    if (row === undefined) throw new Error("the key is there")
    await all.stores.apiKeys.remove(row.id)
    await all.stores.apiKeys.create({ ...row, expiresAt: all.clock.now + 1000 })
    await all.access.refresh()
    expect(all.access.authenticator.stands(kim)).toBe(true)
    all.clock.now += 1000
    expect(all.access.authenticator.stands(kim)).toBe(false)
  })
})

describe("two populations", () => {
  test("a web user's password is as wrong as any at docker login, and a pull user's at the web", async () => {
    await using all = await openTestPullAccess()
    const { access, accounts, admin } = all
    await accounts.createUser(admin, { name: "wendy", password: "password of wendy", role: "admin" })
    await access.service.createUser(admin, ann)
    const { authenticator } = access
    expect(await authenticator.authenticate("wendy", "password of wendy", address)).toBeUndefined()
    expect(await authenticator.authenticate("nobody", "password of wendy", address)).toBeUndefined()
    const origin = { address: "192.0.2.2" }
    const refused = [
      await accounts.loginWithPassword("ann", ann.password, origin).catch(String),
      await accounts.loginWithPassword("nobody", ann.password, origin).catch(String),
    ]
    expect(refused).toEqual(Array(2).fill("ServiceError: the login was refused"))
  })

  test("S16: whoever is wrong costs one hash: unknown, disabled, a web user, or a pull user", async () => {
    await using all = await openTestPullAccess({ accounts: [{ username: "ci", password: "one" }] })
    const { access, accounts, admin, work } = all
    await accounts.createUser(admin, { name: "wendy", password: "password of wendy", role: "admin" })
    await access.service.createUser(admin, ann)
    const { id } = await access.service.createUser(admin, { name: "dan", password: "password of dan" })
    await access.service.updateUser(admin, id, { disabled: true })
    const guesses = [
      ["ann", "guess"],
      ["dan", "password of dan"],
      ["nobody", "guess"],
      ["wendy", "password of wendy"],
      ["ci", "guess"],
    ] as const
    for (const [name, password] of guesses) {
      work.derived = 0
      expect(await access.authenticator.authenticate(name, password, address)).toBeUndefined()
      expect(work.derived, name).toBe(1)
    }
  })
})

test("S16: of a thousand guesses at one pull user from one address, at most ten are looked at", async () => {
  await using all = await openTestPullAccess()
  await all.access.service.createUser(all.admin, ann)
  all.work.derived = 0
  const answers: unknown[] = []
  for (let i = 0; i < 1000; i++) {
    answers.push(await all.access.authenticator.authenticate("ann", `guess ${i}`, address).catch((error: unknown) => error))
  }
  expect(all.work.derived).toBeLessThanOrEqual(10)
  const refusal = answers.at(-1)
  if (!(refusal instanceof RegistryError)) throw new Error("the last one is refused")
  expect([refusal.code, refusal.message, refusal.retryAfterS]).toEqual([
    "TOOMANYREQUESTS",
    "too many failed logins; try again in 30 s",
    30,
  ])
  expect(await all.access.authenticator.authenticate("ann", ann.password, "198.51.100.7")).toMatchObject({ name: "ann" })
})

test("what was right is not hashed again for five minutes", async () => {
  await using all = await openTestPullAccess()
  await all.access.service.createUser(all.admin, ann)
  all.work.derived = 0
  for (let i = 0; i < 20; i++) await all.access.authenticator.authenticate("ann", ann.password, address)
  expect(all.work.derived).toBe(1)
})

test("a pull user stands until password, name or leave to log in change", async () => {
  await using all = await openTestPullAccess()
  const { service, authenticator } = all.access
  const { id } = await service.createUser(all.admin, ann)
  const subject = async (password: string) => {
    const found = await authenticator.authenticate("ann", password, address)
    if (found === undefined) throw new Error("the password is right")
    return found
  }
  const first = await subject(ann.password)
  await service.updateUser(all.admin, id, { password: "another password" })
  expect(authenticator.stands(first)).toBe(false)
  const second = await subject("another password")
  await service.updateUser(all.admin, id, { disabled: true })
  expect(authenticator.stands(second)).toBe(false)
  await service.updateUser(all.admin, id, { disabled: false })
  expect(authenticator.stands(second)).toBe(true)
  await service.removeUser(all.admin, id)
  expect(authenticator.stands(second)).toBe(false)
})

test("a pull user that another process has just made logs in here", async () => {
  await using all = await openTestPullAccess()
  const other = await all.another()
  await other.service.createUser(all.admin, ann)
  const subject = await all.access.authenticator.authenticate("ann", ann.password, address)
  expect(subject && all.access.authenticator.stands(subject)).toBe(true)
})

test("an imported MD5 digest is hashed at once, lets its password in, and is replaced at the first login", async () => {
  await using all = await openTestPullAccess()
  const md5 = createHash("md5").update("old").digest("hex")
  await all.access.service.importMd5User(all.admin, { name: "olga", md5: md5.toUpperCase() })
  const imported = await all.stores.pullUsers.byName("olga")
  expect(imported?.passwordHash).toMatch(/^md5\+scrypt\$n=16,r=1,p=1\$[\w-]{22}\$[\w-]{43}$/)
  expect((await all.fileBytes()).includes(md5)).toBe(false)
  expect(await all.access.authenticator.authenticate("olga", md5, address)).toBeUndefined()
  const first = await all.access.authenticator.authenticate("olga", "old", address)
  expect(first && all.access.authenticator.stands(first)).toBe(true)
  expect((await all.stores.pullUsers.byName("olga"))?.passwordHash).toMatch(/^scrypt\$/)
  expect(await all.access.authenticator.authenticate("olga", "old", address)).toEqual(first)
})

test("what could only be meant for us is told from what may be an upstream's", async () => {
  await using all = await openTestPullAccess()
  const { authenticator, service } = all.access
  expect([authenticator.claims("ann", "hub password"), authenticator.claims("ann", "ept_0123")]).toEqual([false, true])
  await service.createUser(all.admin, ann)
  await service.setOpen(all.admin, true)
  expect(authenticator.claims("somebody", "hub password")).toBe(true)
})

test("logins that an upstream judges wait after five failures too", async () => {
  await using all = await openTestPullAccess()
  const { authenticator } = all.access
  let asked = 0
  const wrong = async () => {
    asked++
    return false
  }
  for (let i = 0; i < 5; i++) expect(await authenticator.underBackoff("hub-user", address, wrong)).toBe(false)
  const waiting = "RegistryError: too many failed logins; try again in 30 s"
  expect(await authenticator.underBackoff("hub-user", address, wrong).catch(String)).toBe(waiting)
  expect(asked).toBe(5)
  all.clock.now += 30_000
  expect(await authenticator.underBackoff("hub-user", address, async () => true)).toBe(true)
})

test("S19: no password, digest or key is in the database, the audit log, or what was logged", async () => {
  await using all = await openTestPullAccess({ accounts: [{ username: "ci", password: "canary of accounts" }] })
  const { service, authenticator } = all.access
  await service.createUser(all.admin, { name: "ann", password: "canary of ann" })
  const { secret } = await all.key("kim", "viewer", ["pull"])
  for (const password of ["canary of accounts", "canary of ann", "canary wrong one", secret]) {
    await authenticator.authenticate("ann", password, address)
    await authenticator.authenticate("ci", password, address)
  }
  const bytes = await all.fileBytes()
  const audit = JSON.stringify(await all.stores.audit.list({ limit: 200 }))
  expect(audit).toContain("registry.login")
  for (const canary of ["canary of accounts", "canary of ann", "canary wrong one", secret]) {
    expect(bytes.includes(canary), canary).toBe(false)
    expect(all.logged() + audit).not.toContain(canary)
  }
})
