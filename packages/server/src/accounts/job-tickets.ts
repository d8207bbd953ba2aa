import { type JWTPayload, type JWTVerifyGetKey, errors as joseErrors, jwtVerify, SignJWT } from "jose"
import { z } from "zod"
import { signingKeyOf } from "./signing-key.ts"

/** What a ticket says once everything about it is right. */
interface TicketClaims {
  readonly id: string
  readonly userId: number
  /** When the user's rights last changed: others since then make the ticket void. */
  readonly userVersion: number
  readonly jobId: number
  /** Key that it was issued to, where it was one. */
  readonly keyId: string | undefined
  /** Session that it was issued to, by its hash, where it was one. */
  readonly sessionId?: string | undefined
  /** Milliseconds since 1970. */
  readonly expiresAt: number
}

interface JobTicketOptions {
  /** At least 32 bytes each: the first signs, all verify. */
  readonly secrets: readonly Uint8Array[]
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Default one hour, which is also the most that is accepted. */
  readonly lifetimeMs?: number
}

/** Both name what the ticket is for: tokens of our registry have others, and are refused here although we signed them. */
const issuer = "entrepot"
const audience = "entrepot:jobs"
const longestSeconds = 3600
/** Clocks of the machines of a cluster may differ by so much (RELIABILITY fault 40). */
const leewaySeconds = 60
const longestText = 2048
const form = /^([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]+)\.([A-Za-z0-9_-]{43})$/
const headerNames = new Set(["alg", "kid", "typ"])

const claimsSchema = z.strictObject({
  iss: z.literal(issuer),
  aud: z.literal(audience),
  sub: z.string().regex(/^[1-9]\d{0,15}$/),
  jti: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  iat: z.int(),
  nbf: z.int(),
  exp: z.int(),
  ver: z.int(),
  key: z.string().optional(),
  ses: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
  access: z.tuple([z.strictObject({ type: z.literal("job"), id: z.int().positive(), actions: z.tuple([z.literal("read")]) })]),
})

/**
 * Signs and reads tickets: JWT with HS256 and nothing else, keys from our own list by `kid` (RELIABILITY S4). A ticket that differs from one of
 * ours in any byte is none.
 */
export class JobTickets {
  readonly #options: JobTicketOptions
  readonly #keys: readonly { readonly kid: string; readonly key: Uint8Array }[]

  constructor(options: JobTicketOptions) {
    this.#options = options
    this.#keys = options.secrets.map(signingKeyOf)
  }

  /** @throws Error without a secret. */
  async sign(claims: Omit<TicketClaims, "expiresAt">): Promise<{ readonly ticket: string; readonly expiresAt: number }> {
    const first = this.#keys[0]
    if (first === undefined) throw new Error("there is no server secret to sign tickets with")
    const at = Math.floor(this.#options.now() / 1000)
    const lifetime = Math.min(longestSeconds, Math.floor((this.#options.lifetimeMs ?? longestSeconds * 1000) / 1000))
    const payload: JWTPayload = {
      ver: claims.userVersion,
      ...(claims.keyId === undefined ? {} : { key: claims.keyId }),
      ...(claims.sessionId === undefined ? {} : { ses: claims.sessionId }),
      access: [{ type: "job", id: claims.jobId, actions: ["read"] }],
    }
    const ticket = await new SignJWT(payload)
      .setProtectedHeader({ alg: "HS256", kid: first.kid, typ: "JWT" })
      .setIssuer(issuer)
      .setAudience(audience)
      .setSubject(String(claims.userId))
      .setJti(claims.id)
      .setIssuedAt(at)
      .setNotBefore(at)
      .setExpirationTime(at + lifetime)
      .sign(first.key)
    return { ticket, expiresAt: (at + lifetime) * 1000 }
  }

  /** `forged`: never ours. `ended`: was ours, at another time. */
  async verify(ticket: string): Promise<TicketClaims | "forged" | "ended"> {
    if (ticket.length > longestText || !isCanonical(ticket)) return "forged"
    try {
      const { payload } = await jwtVerify(ticket, this.#keyOf, {
        algorithms: ["HS256"],
        issuer,
        audience,
        typ: "JWT",
        requiredClaims: ["iss", "aud", "sub", "jti", "iat", "nbf", "exp", "access"],
        clockTolerance: leewaySeconds,
        maxTokenAge: longestSeconds,
        currentDate: new Date(this.#options.now()),
      })
      const claims = claimsSchema.parse(payload)
      const lasts = claims.exp - claims.iat
      if (lasts <= 0 || lasts > longestSeconds) return "forged"
      return {
        id: claims.jti,
        userId: Number(claims.sub),
        userVersion: claims.ver,
        jobId: claims.access[0].id,
        keyId: claims.key,
        sessionId: claims.ses,
        expiresAt: claims.exp * 1000,
      }
    } catch (error) {
      return error instanceof joseErrors.JWTExpired ? "ended" : "forged"
    }
  }

  /** The header may name one of our keys, and carry none. */
  readonly #keyOf: JWTVerifyGetKey = (header) => {
    const known = this.#keys.find(({ kid }) => kid === header.kid)
    if (known === undefined || Object.keys(header).some((name) => !headerNames.has(name))) throw new joseErrors.JWSInvalid()
    return known.key
  }
}

/** Base64url has several spellings of the same bytes; of a ticket there is one. */
function isCanonical(ticket: string): boolean {
  const segments = form.exec(ticket)?.slice(1) ?? []
  return segments.length === 3 && segments.every((text) => Buffer.from(text, "base64url").toString("base64url") === text)
}
