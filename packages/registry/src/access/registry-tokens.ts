import { randomBytes } from "node:crypto"
import { type JWTPayload, type JWTVerifyGetKey, errors as joseErrors, jwtVerify, SignJWT } from "jose"
import type { Subject } from "./access.ts"
import { type TokenAccess, type TokenContent, tokenContentOf, tokenPayloadOf } from "./token-content.ts"
import { type TokenKey, tokenKeyOf } from "./token-keys.ts"

export interface RegistryTokenOptions {
  /** SERVER_SECRET's values, at least 32 bytes each: the first signs, all verify. */
  readonly secrets: readonly Uint8Array[]
  /** SELF_AUTH_SERVICE: issuer and audience. */
  readonly service: string
  /** Seconds. Default 300; the specification's least is 60. */
  readonly lifetimeS?: number | undefined
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** A token, and what the token endpoint says of it. */
export interface IssuedToken {
  readonly token: string
  /** The token's `jti`. */
  readonly id: string
  readonly lifetimeS: number
  /** Milliseconds since 1970. */
  readonly issuedAt: number
}

/** What a token turned out to be. `foreign`: somebody else's; `invalid`: one of ours that is over, or that was tampered with. */
export type TokenVerdict = TokenContent | "foreign" | "invalid"

const defaultLifetimeS = 300
const longestLifetimeS = 3600
/** Clocks of the machines of a cluster may differ by so much (RELIABILITY fault 40). */
const leewayS = 60
const longestToken = 16_384
const form = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{43})$/
const headerNames = new Set(["alg", "kid", "typ"])

/** Signs and reads the registry's own tokens: JWT with HS256 and nothing else, keys from our own list by `kid` (RELIABILITY S4). */
export class RegistryTokens {
  readonly #options: RegistryTokenOptions
  readonly #keys: readonly TokenKey[]
  readonly #signing: TokenKey
  readonly #lifetimeS: number

  /** @throws RangeError without a secret, for one that is too short, and for a lifetime outside of 60 s to an hour. */
  constructor(options: RegistryTokenOptions) {
    this.#options = options
    this.#keys = options.secrets.map((secret) => {
      if (secret.byteLength < 32) throw new RangeError("a server secret has at least 32 bytes")
      return tokenKeyOf(secret)
    })
    const [signing] = this.#keys
    if (signing === undefined) throw new RangeError("there is no server secret to sign tokens with")
    this.#signing = signing
    this.#lifetimeS = options.lifetimeS ?? defaultLifetimeS
    if (!Number.isInteger(this.#lifetimeS) || this.#lifetimeS < 60 || this.#lifetimeS > longestLifetimeS) {
      throw new RangeError("a token lives for 60 to 3600 seconds")
    }
  }

  async sign(subject: Subject, access: readonly TokenAccess[], keepsIdentity: boolean): Promise<IssuedToken> {
    const { service, now } = this.#options
    const at = Math.floor(now() / 1000)
    const id = randomBytes(16).toString("base64url")
    const token = await new SignJWT(tokenPayloadOf(subject, access, keepsIdentity))
      .setProtectedHeader({ alg: "HS256", kid: this.#signing.kid, typ: "JWT" })
      .setIssuer(service)
      .setAudience(service)
      .setSubject(subject.name)
      .setJti(id)
      .setIssuedAt(at)
      .setNotBefore(at)
      .setExpirationTime(at + this.#lifetimeS)
      .sign(this.#signing.key)
    return { token, id, lifetimeS: this.#lifetimeS, issuedAt: at * 1000 }
  }

  async verify(token: string): Promise<TokenVerdict> {
    if (token.length > longestToken) return "foreign"
    if (!isCanonical(token)) return this.#claimsToBeOurs(token) ? "invalid" : "foreign"
    try {
      const { service, now } = this.#options
      const { payload } = await jwtVerify(token, this.#keyOf, {
        algorithms: ["HS256"],
        issuer: service,
        audience: service,
        typ: "JWT",
        requiredClaims: ["iss", "aud", "sub", "jti", "iat", "nbf", "exp", "access", "who"],
        clockTolerance: leewayS,
        currentDate: new Date(now()),
      })
      const content = lasts(payload) ? tokenContentOf(payload, leewayS * 1000) : undefined
      return content ?? "invalid"
    } catch {
      return this.#claimsToBeOurs(token) ? "invalid" : "foreign"
    }
  }

  /** The header may name one of our keys, and carry none. */
  readonly #keyOf: JWTVerifyGetKey = (header) => {
    const known = this.#keys.find(({ kid }) => kid === header.kid)
    if (known === undefined || Object.keys(header).some((name) => !headerNames.has(name))) throw new joseErrors.JWSInvalid()
    return known.key
  }

  /** By what it says of itself, which nobody has verified: such a token is refused rather than passed on. */
  #claimsToBeOurs(token: string): boolean {
    const [header, payload] = token.split(".", 2).map(readJson)
    return header?.kid !== undefined && this.#keys.some(({ kid }) => kid === header.kid)
      ? true
      : payload?.iss === this.#options.service
  }
}

function lasts({ iat, exp }: JWTPayload): boolean {
  return (
    iat !== undefined &&
    exp !== undefined &&
    Number.isInteger(iat) &&
    Number.isInteger(exp) &&
    exp > iat &&
    exp - iat <= longestLifetimeS
  )
}

/** Base64url has several spellings of the same bytes; of a token there is one. */
function isCanonical(token: string): boolean {
  const segments = form.exec(token)?.slice(1) ?? []
  return segments.length === 3 && segments.every((text) => Buffer.from(text, "base64url").toString("base64url") === text)
}

function readJson(segment: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(segment, "base64url").toString("utf8"))
    return typeof value === "object" && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}
