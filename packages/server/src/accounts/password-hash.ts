import { scrypt } from "node:crypto"

/** What a hash costs: memory is 128 · n · r bytes, time grows with n · r · p. */
export interface ScryptCost {
  readonly n: number
  readonly r: number
  readonly p: number
}

/** OWASP's 32 MiB setting, which costs an attacker as much as its 128 MiB one (RELIABILITY section 3). */
export const defaultCost: ScryptCost = { n: 2 ** 15, r: 8, p: 3 }

/** A hash, taken apart. */
interface PasswordHash {
  readonly cost: ScryptCost
  readonly salt: Buffer
  readonly digest: Buffer
}

/** Makes `digestBytes` of a password. Handed in by tests that count. */
export type Derive = (password: string, salt: Buffer, cost: ScryptCost) => Promise<Buffer>

export const digestBytes = 32
export const saltBytes = 16

/** `crypto.scrypt`, off the main thread. Passwords that look alike are alike (NFKC). */
export const deriveByScrypt: Derive = (password, salt, { n, r, p }) =>
  new Promise((resolve, reject) => {
    const options = { N: n, r, p, maxmem: 256 * r * (n + p + 2) }
    scrypt(password.normalize("NFKC"), salt, digestBytes, options, (error, digest) => (error ? reject(error) : resolve(digest)))
  })

/** `scrypt$n=32768,r=8,p=3$SALT$DIGEST`, base64url. */
export function formatPasswordHash({ cost, salt, digest }: PasswordHash): string {
  return `scrypt$n=${cost.n},r=${cost.r},p=${cost.p}$${salt.toString("base64url")}$${digest.toString("base64url")}`
}

const form = /^scrypt\$n=(\d{1,7}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9_-]{22})\$([A-Za-z0-9_-]{43})$/

/** Undefined for anything else, and for costs that would stop the server. */
export function parsePasswordHash(text: string): PasswordHash | undefined {
  const [, n, r, p, salt, digest] = form.exec(text) ?? []
  if (salt === undefined || digest === undefined) return undefined
  const cost = { n: Number(n), r: Number(r), p: Number(p) }
  const bits = Math.log2(cost.n)
  if (!Number.isInteger(bits) || bits < 1 || bits > 20 || cost.r < 1 || cost.p < 1) return undefined
  return { cost, salt: Buffer.from(salt, "base64url"), digest: Buffer.from(digest, "base64url") }
}
