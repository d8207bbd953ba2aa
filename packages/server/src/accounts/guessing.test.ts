import { randomBytes } from "node:crypto"
import { expect, test } from "vitest"
import { openTestAccounts, origin, ownToken } from "./accounts.fixture.ts"
import { deriveByScrypt } from "./password-hash.ts"

const elsewhere = { address: "198.51.100.77" }

test("S16: of a thousand guesses at the token, ten minutes long, at most ten are evaluated", async () => {
  await using test = await openTestAccounts()
  await test.admin()
  const before = test.work.derived
  const answers = new Map<string, number>()
  for (let i = 0; i < 1000; i++) {
    test.clock.now += 600
    const answer = await test.accounts.loginWithToken(`guess number ${i}`, origin).catch((error: { code: string }) => error.code)
    answers.set(String(answer), (answers.get(String(answer)) ?? 0) + 1)
  }
  expect(test.work.derived - before).toBe(9)
  expect([...answers]).toEqual([
    ["login_refused", 9],
    ["too_many", 991],
  ])
})

test("S16: a thousand guesses at once are no better", async () => {
  await using test = await openTestAccounts()
  await test.admin()
  const before = test.work.derived
  const guesses = Array.from({ length: 1000 }, (_, i) =>
    test.accounts.loginWithPassword("admin", `guess number ${i}`, origin).catch(String),
  )
  await Promise.all(guesses)
  expect(test.work.derived - before).toBe(5)
})

test("S16: the right token is not looked at while the wait lasts, works after it, and from elsewhere at once", async () => {
  await using test = await openTestAccounts()
  await test.admin()
  for (let i = 0; i < 5; i++) await test.accounts.loginWithToken(`guess number ${i}`, origin).catch(String)
  const early = test.accounts.loginWithToken(ownToken, origin)
  await expect(early).rejects.toMatchObject({
    code: "too_many",
    message: "too many failed logins; try again in 30 s",
    retryAfterSeconds: 30,
  })
  expect((await test.accounts.loginWithToken(ownToken, elsewhere)).actor.name).toBe("admin")
  test.clock.now += 30_000
  expect((await test.accounts.loginWithToken(ownToken, origin)).actor.name).toBe("admin")
})

test("S16: the memo of what was right lets nobody guess faster", async () => {
  await using test = await openTestAccounts()
  await test.admin()
  await test.accounts.loginWithToken(ownToken, origin)
  const before = test.work.derived
  for (let i = 0; i < 1000; i++) await test.accounts.loginWithToken(`guess number ${i}`, origin).catch(String)
  expect(test.work.derived - before).toBe(5)
})

test("S16: guesses at keys and tickets are counted too", async () => {
  await using test = await openTestAccounts()
  const admin = await test.admin()
  const { secret } = await test.accounts.createKey(admin, { name: "ci", scopes: ["pull"], expiresAt: null })
  const wrong = `${secret.slice(0, -43)}${randomBytes(32).toString("base64url")}`
  for (let i = 0; i < 5; i++) expect(await test.accounts.byBearer(wrong, origin.address)).toBeUndefined()
  await expect(test.accounts.byBearer(wrong, origin.address)).rejects.toMatchObject({ code: "too_many", retryAfterSeconds: 30 })
  await expect(test.accounts.byBearer(secret, origin.address)).rejects.toMatchObject({ code: "too_many" })
  expect((await test.accounts.byBearer(secret, elsewhere.address))?.name).toBe("admin")
  for (let i = 0; i < 5; i++) expect(await test.accounts.byBearer("a.b.c", "198.51.100.5")).toBeUndefined()
  await expect(test.accounts.byBearer("a.b.c", "198.51.100.5")).rejects.toMatchObject({ code: "too_many" })
})

test("S16: a key that was right and has ended is no guess", async () => {
  await using test = await openTestAccounts()
  const admin = await test.admin()
  const expiresAt = test.clock.now + 1000
  const { secret } = await test.accounts.createKey(admin, { name: "ci", scopes: ["pull"], expiresAt })
  test.clock.now += 1000
  for (let i = 0; i < 50; i++) expect(await test.accounts.byBearer(secret, origin.address)).toBeUndefined()
})

test("S16: whether a user exists cannot be told by the time that a refusal takes", async () => {
  await using test = await openTestAccounts()
  await test.admin()
  await test.person("ann", "viewer")
  // Costs as much as makes it stand out from everything else that a login does.
  const accounts = test.another({}, (password, salt) => deriveByScrypt(password, salt, { n: 4096, r: 8, p: 1 }))
  const times: { readonly known: boolean; readonly took: bigint }[] = []
  for (let round = 0; round < 60; round++) {
    const known = round % 2 === 0
    const address = `203.0.113.${round}`
    const before = process.hrtime.bigint()
    await accounts.loginWithPassword(known ? "ann" : `user${round}`, "a wrong password", { address }).catch(String)
    times.push({ known, took: process.hrtime.bigint() - before })
  }
  times.sort((a, b) => Number(a.took - b.took))
  const rankSum = times.reduce((sum, { known }, rank) => sum + (known ? rank + 1 : 0), 0)
  // Mann-Whitney: mean 915, standard deviation 67.6 if the two are alike; five of those are chance once in two million runs.
  expect(Math.abs(rankSum - 915)).toBeLessThan(5 * 67.6)
})
