import { describe, expect, test } from "vitest"
import { addressGroup, LoginBackoff } from "./login-backoff.ts"

function backoffAt(start = 0) {
  const clock = { now: start }
  const backoff = new LoginBackoff(() => clock.now)
  /** Tries at once, and says how it went. */
  const guess = (account: string, address: string, right = false): string => {
    try {
      const attempt = backoff.begin(account, address)
      if (right) attempt.succeeded()
      else attempt.failed()
      return right ? "in" : "wrong"
    } catch (error) {
      return String(error)
    }
  }
  return { clock, backoff, guess }
}

const wait = (seconds: number) => `ServiceError: too many failed logins; try again in ${seconds} s`

test("S16: an address that is refused cannot push the counters of another out by making up names", () => {
  const { guess } = backoffAt()
  for (let i = 0; i < 10; i++) guess(`name ${i}`, "1.1.1.1")
  for (let i = 0; i < 5; i++) guess("token", "2.2.2.2")
  for (let i = 0; i < 12_000; i++) guess(`made up ${i}`, "1.1.1.1")
  expect(guess("token", "2.2.2.2")).toBe(wait(30))
})

test("a clock that was a year ahead and is put right lets everybody in after a quarter of an hour at most", () => {
  const year = 365 * 24 * 3_600_000
  const { clock, guess } = backoffAt(year)
  for (let i = 0; i < 10; i++) guess("a", "1.1.1.1")
  clock.now = 0
  expect(guess("a", "1.1.1.1", true)).toBe(wait(900))
  clock.now = 900_000
  expect(guess("a", "1.1.1.1", true)).toBe("in")
})

describe("guesses at one account from one address (S16)", () => {
  test("five are looked at, then each waits twice as long as the one before, up to a quarter of an hour", () => {
    const { clock, guess } = backoffAt()
    for (let i = 0; i < 5; i++) expect(guess("a", "1.1.1.1")).toBe("wrong")
    const waits: string[] = []
    for (let i = 0; i < 7; i++) {
      const refusal = guess("a", "1.1.1.1")
      waits.push(refusal)
      clock.now += Number(/in (\d+) s/.exec(refusal)?.[1]) * 1000
      expect(guess("a", "1.1.1.1")).toBe("wrong")
    }
    expect(waits.slice(0, 5)).toEqual([30, 60, 120, 240, 480].map(wait))
    expect(waits.slice(5)).toEqual([900, 900].map(wait))
  })

  test("another address is let in meanwhile, and another account from here", () => {
    const { guess } = backoffAt()
    for (let i = 0; i < 6; i++) guess("a", "1.1.1.1")
    expect(guess("a", "1.1.1.1", true)).toBe(wait(30))
    expect(guess("a", "2.2.2.2", true)).toBe("in")
    expect(guess("b", "1.1.1.1", true)).toBe("in")
  })

  test("the right one after the wait clears the account", () => {
    const { clock, guess } = backoffAt()
    for (let i = 0; i < 5; i++) guess("a", "1.1.1.1")
    clock.now += 30_000
    expect(guess("a", "1.1.1.1", true)).toBe("in")
    for (let i = 0; i < 5; i++) expect(guess("a", "1.1.1.1")).toBe("wrong")
    expect(guess("a", "1.1.1.1")).toBe(wait(30))
  })

  test("guesses at the same time count while they are looked at", () => {
    const { backoff } = backoffAt()
    const open = Array.from({ length: 5 }, () => backoff.begin("a", "1.1.1.1"))
    expect(() => backoff.begin("a", "1.1.1.1")).toThrow("too many failed logins; try again in 1 s")
    open[0]?.dropped()
    expect(() => backoff.begin("a", "1.1.1.1")).not.toThrow()
  })

  test("failures are forgotten, one in a quarter of an hour", () => {
    const { clock, guess } = backoffAt()
    for (let i = 0; i < 4; i++) guess("a", "1.1.1.1")
    clock.now += 2 * 900_000
    for (let i = 0; i < 3; i++) expect(guess("a", "1.1.1.1")).toBe("wrong")
    expect(guess("a", "1.1.1.1")).toBe(wait(30))
  })
})

describe("guesses over many accounts from one address (S16)", () => {
  test("ten are looked at", () => {
    const { guess } = backoffAt()
    const answers = Array.from({ length: 1000 }, (_, i) => guess(`user ${i}`, "1.1.1.1"))
    expect(answers.filter((answer) => answer === "wrong")).toHaveLength(10)
    expect(guess("somebody", "1.1.1.1", true)).toBe(wait(30))
  })

  test("who logged in from there before still can", () => {
    const { guess } = backoffAt()
    expect(guess("alice", "1.1.1.1", true)).toBe("in")
    for (let i = 0; i < 100; i++) guess(`user ${i}`, "1.1.1.1")
    expect(guess("alice", "1.1.1.1", true)).toBe("in")
    expect(guess("bob", "1.1.1.1", true)).toBe(wait(30))
  })

  test("a customer's IPv6 network is one address", () => {
    const { guess } = backoffAt()
    const answers = Array.from({ length: 100 }, (_, i) => guess("a", `2001:db8:1:2::${i.toString(16)}`))
    expect(answers.filter((answer) => answer === "wrong")).toHaveLength(5)
    expect(guess("a", "2001:db8:1:3::1")).toBe("wrong")
  })
})

test.each([
  ["203.0.113.7", "203.0.113.7"],
  ["::ffff:203.0.113.7", "203.0.113.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:0db8:0001:0002::1", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
  ["", ""],
])("%s is counted as %s", (address, group) => expect(addressGroup(address)).toBe(group))
