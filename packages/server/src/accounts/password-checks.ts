import { createHmac, timingSafeEqual } from "node:crypto"
import {
  type Derive,
  defaultCost,
  deriveByScrypt,
  digestBytes,
  formatPasswordHash,
  parsePasswordHash,
  type ScryptCost,
  saltBytes,
} from "./password-hash.ts"
import { RecentMap } from "./recent-map.ts"
import { Turns } from "./turns.ts"

interface PasswordCheckOptions {
  readonly now: () => number
  readonly randomBytes: (size: number) => Buffer
  /** Default crypto.scrypt. */
  readonly derive?: Derive | undefined
  readonly cost?: ScryptCost | undefined
}

/** `outdated`: right, but its hash costs less than one that is made today. */
export type Verdict = "right" | "outdated" | "wrong"

const atOnce = 2
const maxWaiting = 16
const memoMs = 5 * 60_000

/**
 * Hashes and compares passwords: two at a time, since each takes 32 MiB and a good part of a second. What was right is remembered for five
 * minutes as an HMAC under a key of this process, so that a client which logs in for every request does not stall the others.
 */
export class PasswordChecks {
  readonly #options: PasswordCheckOptions
  readonly #derive: Derive
  readonly #cost: ScryptCost
  readonly #turns = new Turns(atOnce, maxWaiting)
  readonly #memoKey: Buffer
  /** By stored hash: a changed password has another. */
  readonly #memo = new RecentMap<string, { readonly mac: Buffer; readonly until: number }>(1000)

  constructor(options: PasswordCheckOptions) {
    this.#options = options
    this.#derive = options.derive ?? deriveByScrypt
    this.#cost = options.cost ?? defaultCost
    this.#memoKey = options.randomBytes(32)
  }

  /** A new hash. @throws ServiceError `too_many`. */
  async hash(password: string): Promise<string> {
    const salt = this.#options.randomBytes(saltBytes)
    const digest = await this.#turns.take(() => this.#derive(password, salt, this.#cost))
    return formatPasswordHash({ cost: this.#cost, salt, digest })
  }

  /**
   * Without a stored hash (no such user, or one without password) the work is the same, and the answer is wrong (RELIABILITY S16).
   * @throws ServiceError `too_many`.
   */
  async verify(password: string, stored: string | null | undefined): Promise<Verdict> {
    const hash = typeof stored === "string" ? parsePasswordHash(stored) : undefined
    const { cost, salt, digest } = hash ?? this.#nobody()
    if (hash && stored && this.#remembers(stored, password)) return this.#verdict(cost)
    const derived = await this.#turns.take(() => this.#derive(password, salt, cost))
    const equal = timingSafeEqual(derived, digest)
    if (!equal || !hash || !stored) return "wrong"
    this.#memo.set(stored, { mac: this.#mac(stored, password), until: this.#options.now() + memoMs })
    return this.#verdict(cost)
  }

  #verdict(cost: ScryptCost): Verdict {
    const { n, r, p } = this.#cost
    return cost.n * cost.r * cost.p < n * r * p ? "outdated" : "right"
  }

  #nobody() {
    return { cost: this.#cost, salt: Buffer.alloc(saltBytes), digest: Buffer.alloc(digestBytes) }
  }

  #remembers(stored: string, password: string): boolean {
    const memo = this.#memo.get(stored)
    return memo !== undefined && this.#options.now() < memo.until && timingSafeEqual(memo.mac, this.#mac(stored, password))
  }

  #mac(stored: string, password: string): Buffer {
    return createHmac("sha256", this.#memoKey).update(stored).update("\0").update(password.normalize("NFKC")).digest()
  }
}
