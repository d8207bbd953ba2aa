import { randomBytes } from "node:crypto"
import { expect, test } from "vitest"
import { PasswordChecks } from "./password-checks.ts"
import { type Derive, defaultCost, deriveByScrypt, parsePasswordHash } from "./password-hash.ts"

const cheap = { n: 16, r: 1, p: 1 }

function checks(cost = cheap, derive: Derive = deriveByScrypt) {
  const state = { now: 1_000_000, derived: 0, atOnce: 0, most: 0 }
  const counting: Derive = async (...input) => {
    state.derived++
    state.most = Math.max(state.most, ++state.atOnce)
    try {
      return await derive(...input)
    } finally {
      state.atOnce--
    }
  }
  return { state, passwords: new PasswordChecks({ now: () => state.now, randomBytes, derive: counting, cost }) }
}

test("a hash names its parameters, has a salt of its own, and says nothing of the password", async () => {
  const { passwords } = checks()
  const [first, second] = [await passwords.hash("correct horse"), await passwords.hash("correct horse")]
  expect(first).toMatch(/^scrypt\$n=16,r=1,p=1\$[\w-]{22}\$[\w-]{43}$/)
  expect(first).not.toBe(second)
  expect(await passwords.verify("correct horse", first)).toBe("right")
  expect(await passwords.verify("correct horsE", first)).toBe("wrong")
})

test("the parameters in force are OWASP's for 32 MiB", async () => {
  expect(defaultCost).toEqual({ n: 32_768, r: 8, p: 3 })
  const passwords = new PasswordChecks({ now: Date.now, randomBytes })
  const hash = await passwords.hash("correct horse")
  expect(parsePasswordHash(hash)?.cost).toEqual(defaultCost)
  expect(await passwords.verify("correct horse", hash)).toBe("right")
})

test("a hash that cost less is still right, and is said to be outdated", async () => {
  const hash = await checks().passwords.hash("correct horse")
  expect(await checks({ n: 32, r: 1, p: 1 }).passwords.verify("correct horse", hash)).toBe("outdated")
})

test("nobody's password takes the work of somebody's, and is never right (S16)", async () => {
  const seen: unknown[] = []
  const { passwords } = checks(cheap, async (password, salt, cost) => {
    seen.push([cost, salt.length])
    return deriveByScrypt(password, salt, cost)
  })
  const hash = await passwords.hash("correct horse")
  seen.length = 0
  expect(await passwords.verify("guess", hash)).toBe("wrong")
  expect(await passwords.verify("guess", undefined)).toBe("wrong")
  expect(await passwords.verify("guess", null)).toBe("wrong")
  expect(await passwords.verify("guess", "docker-transformer")).toBe("wrong")
  expect(seen).toEqual(Array(4).fill([cheap, 16]))
})

test("what was right is remembered for five minutes, and only that", async () => {
  const { state, passwords } = checks()
  const hash = await passwords.hash("correct horse")
  state.derived = 0
  for (let i = 0; i < 100; i++) await passwords.verify("correct horse", hash)
  expect(state.derived).toBe(1)
  expect(await passwords.verify("correct hors", hash)).toBe("wrong")
  expect(state.derived).toBe(2)
  state.now += 5 * 60_000
  await passwords.verify("correct horse", hash)
  expect(state.derived).toBe(3)
  const other = await passwords.hash("correct horse")
  await passwords.verify("correct horse", other)
  expect(state.derived).toBe(5)
})

test("two are derived at once, sixteen wait, and the next is sent away", async () => {
  let release = () => {}
  const open = new Promise<void>((resolve) => {
    release = resolve
  })
  const { state, passwords } = checks(cheap, async () => {
    await open
    return Buffer.alloc(32, 1)
  })
  const all = Array.from({ length: 19 }, () => passwords.verify("guess", undefined).catch(String))
  release()
  const answers = await Promise.all(all)
  expect(answers.filter((answer) => answer === "wrong")).toHaveLength(18)
  expect(answers.at(-1)).toBe("ServiceError: too many logins at once; try again in a moment")
  expect(state.most).toBe(2)
})

test.each([
  "",
  "docker-transformer",
  "scrypt$n=3,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  "scrypt$n=4194304,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  "scrypt$n=16,r=0,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  "scrypt$n=16,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$",
])("%j is no hash that is checked", (text) => expect(parsePasswordHash(text)).toBeUndefined())
