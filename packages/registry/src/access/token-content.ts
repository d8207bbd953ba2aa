import type { JWTPayload } from "jose"
import type { Action, Subject } from "./access.ts"

/** One entry of a token's `access` claim (distribution, "Token Authentication Implementation"). Repositories stand there by their canonical names. */
export interface TokenAccess {
  readonly type: "repository" | "registry"
  readonly name: string
  readonly actions: readonly string[]
}

/** What a token says once everything about it is right. Times: milliseconds since 1970, the leeway added. */
export interface TokenContent {
  readonly id: string
  readonly subject: Subject
  readonly repositories: ReadonlyMap<string, readonly string[]>
  readonly hasCatalog: boolean
  /** What its holder showed of an upstream's is kept under `id`. */
  readonly keepsIdentity: boolean
  readonly validFrom: number
  readonly validUntil: number
}

const kinds = ["anonymous", "account", "pull-user", "key"] as const
const actions = ["pull", "push", "delete", "catalog"] as const
const claimNames = new Set(["iss", "aud", "sub", "jti", "iat", "nbf", "exp", "access", "who", "upstream"])
const whoNames = new Set(["kind", "id", "ceiling", "admin", "credential"])

/** The claims that are ours to define; those of RFC 7519 stand beside them. */
export function tokenPayloadOf(subject: Subject, access: readonly TokenAccess[], keepsIdentity: boolean): JWTPayload {
  const { kind, id, ceiling, isAdmin, credential } = subject
  return { access, who: { kind, id, ceiling, admin: isAdmin, credential }, ...(keepsIdentity ? { upstream: true } : {}) }
}

/** Reads the claims of a token whose signature is right; undefined where one is not as we write it. */
export function tokenContentOf(payload: JWTPayload, leewayMs: number): TokenContent | undefined {
  const { aud, sub, jti, nbf, exp, access, who, upstream } = payload
  const subject = subjectOf(who, sub)
  const entries = accessOf(access)
  if (subject === undefined || entries === undefined || Object.keys(payload).some((name) => !claimNames.has(name)))
    return undefined
  if (typeof aud !== "string" || typeof jti !== "string" || !/^[A-Za-z0-9_-]{22}$/.test(jti)) return undefined
  if (!Number.isInteger(nbf) || nbf === undefined || exp === undefined || (upstream !== undefined && upstream !== true))
    return undefined
  return {
    id: jti,
    subject,
    repositories: new Map(entries.filter(({ type }) => type === "repository").map((entry) => [entry.name, entry.actions])),
    hasCatalog: entries.some(
      ({ type, name, actions: granted }) => type === "registry" && name === "catalog" && granted.includes("*"),
    ),
    keepsIdentity: upstream === true,
    validFrom: nbf * 1000 - leewayMs,
    validUntil: exp * 1000 + leewayMs,
  }
}

function subjectOf(who: unknown, name: unknown): Subject | undefined {
  if (!isRecord(who) || typeof name !== "string" || Object.keys(who).some((key) => !whoNames.has(key))) return undefined
  const kind = kinds.find((known) => known === who.kind)
  const { id, admin, credential } = who
  const ceiling = listOf(who.ceiling, isAction)
  if (kind === undefined || ceiling === undefined || typeof id !== "number" || !Number.isSafeInteger(id)) return undefined
  if (typeof admin !== "boolean" || typeof credential !== "string") return undefined
  return { kind, name, id, ceiling, isAdmin: admin, credential }
}

function accessOf(access: unknown): readonly TokenAccess[] | undefined {
  if (!Array.isArray(access)) return undefined
  const entries: TokenAccess[] = []
  for (const entry of access) {
    if (!isRecord(entry) || typeof entry.name !== "string") return undefined
    const granted = listOf(entry.actions, isText)
    if (granted === undefined || (entry.type !== "repository" && entry.type !== "registry")) return undefined
    entries.push({ type: entry.type, name: entry.name, actions: granted })
  }
  return entries
}

function listOf<Item>(value: unknown, isItem: (item: unknown) => item is Item): readonly Item[] | undefined {
  return Array.isArray(value) && value.every(isItem) ? value : undefined
}

function isAction(value: unknown): value is Action {
  return actions.some((action) => action === value)
}

function isText(value: unknown): value is string {
  return typeof value === "string"
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
}
