import { isIPv6 } from "node:net"
import { ServiceError } from "../errors/service-error.ts"
import { RecentMap } from "./recent-map.ts"

/** A guess that was let through. It counts as failed until it is said how it ended. */
export interface Attempt {
  failed(): void
  succeeded(): void
  /** It was neither: the server had no room to look at it. */
  dropped(): void
}

interface Counter {
  failures: number
  /** Guesses that are being looked at. */
  open: number
  blockedUntil: number
  /** Since when failures are being forgotten. */
  at: number
  /** Somebody logged in this way before: what others of the address do does not count against them. */
  trusted: boolean
}

interface Rule {
  /** Failures before the first wait. */
  readonly free: number
  /** One failure is forgotten in this time. */
  readonly forgetMs: number
}

const perAccount: Rule = { free: 5, forgetMs: 15 * 60_000 }
const perAddress: Rule = { free: 10, forgetMs: 3 * 60_000 }
const firstWaitMs = 30_000
const longestWaitMs = 15 * 60_000
const capacity = 10_000

/**
 * Slows guessing down (RELIABILITY S16): after five failures of one account from one address, or ten of an address over all accounts, the next
 * guess waits 30 s, and twice as long after each further failure, up to 15 minutes. Guesses in between are not looked at. Other addresses
 * are not affected, so nobody can lock a user out from afar. Guesses at the same time count as failed while they are looked at.
 */
export class LoginBackoff {
  readonly #now: () => number
  readonly #counters = new RecentMap<string, Counter>(capacity)

  constructor(now: () => number) {
    this.#now = now
  }

  /** A guess that is expensive to look at: those that are being looked at count as failed. @throws ServiceError `too_many` with the seconds to wait. */
  begin(account: string, address: string): Attempt {
    const { own, all } = this.#admit(account, address)
    own.open++
    all.open++
    return this.#attempt(own, all, () => {
      own.open--
      all.open--
    })
  }

  /** A guess that costs next to nothing, and may be right hundreds of times at once: a key. @throws as begin. */
  glance(account: string, address: string): Attempt {
    const { own, all } = this.#admit(account, address)
    return this.#attempt(own, all, () => {})
  }

  #admit(account: string, address: string): { readonly own: Counter; readonly all: Counter } {
    const group = addressGroup(address)
    const ownKey = `${group} ${account.slice(0, 256)}`
    const own = this.#counter(ownKey, perAccount)
    const all = this.#counter(group, perAddress)
    this.#refuseBlocked(own, perAccount)
    if (!own.trusted) this.#refuseBlocked(all, perAddress)
    // Only now: an address that is refused must not push the counters of others out by making names up.
    this.#counters.set(ownKey, own)
    this.#counters.set(group, all)
    return { own, all }
  }

  #attempt(own: Counter, all: Counter, close: () => void): Attempt {
    return {
      failed: () => {
        close()
        this.#countFailure(own, perAccount)
        this.#countFailure(all, perAddress)
      },
      succeeded: () => {
        close()
        own.failures = 0
        own.blockedUntil = 0
        own.trusted = true
      },
      dropped: close,
    }
  }

  #counter(key: string, rule: Rule): Counter {
    const now = this.#now()
    const known = this.#counters.get(key) ?? { failures: 0, open: 0, blockedUntil: 0, at: now, trusted: false }
    const forgotten = Math.floor(Math.max(0, now - known.at) / rule.forgetMs)
    known.failures = Math.max(0, known.failures - forgotten)
    known.at = known.failures === 0 ? now : known.at + forgotten * rule.forgetMs
    // A clock that was put back must not lengthen a wait.
    known.at = Math.min(known.at, now + longestWaitMs)
    known.blockedUntil = Math.min(known.blockedUntil, now + longestWaitMs)
    return known
  }

  #refuseBlocked(counter: Counter, rule: Rule): void {
    const now = this.#now()
    if (now < counter.blockedUntil) throw tooMany(counter.blockedUntil - now)
    if (counter.open > 0 && counter.failures + counter.open >= rule.free) throw tooMany(1000)
  }

  #countFailure(counter: Counter, rule: Rule): void {
    counter.failures++
    if (counter.failures < rule.free) return
    const wait = Math.min(longestWaitMs, firstWaitMs * 2 ** (counter.failures - rule.free))
    counter.blockedUntil = this.#now() + wait
    // Forgetting begins when the wait has ended.
    counter.at = counter.blockedUntil
  }
}

function tooMany(waitMs: number): ServiceError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000))
  return new ServiceError("too_many", `too many failed logins; try again in ${seconds} s`, { retryAfterSeconds: seconds })
}

/** One customer of an IPv6 network has 2^64 addresses, which are therefore one; IPv4 in IPv6's clothes is IPv4. */
export function addressGroup(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)
  if (mapped?.[1] !== undefined) return mapped[1]
  if (!isIPv6(address)) return address.slice(0, 64)
  const plain = address.replace(/%.*$/, "")
  const [head = "", tail] = plain.split("::")
  const before = head === "" ? [] : head.split(":")
  const after = tail === undefined || tail === "" ? [] : tail.split(":")
  const missing = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length)
  const groups = [...before, ...Array<string>(missing).fill("0"), ...after]
  const network = groups.slice(0, 4).map((part) => Number.parseInt(part, 16).toString(16))
  return `${network.join(":")}::/64`
}
