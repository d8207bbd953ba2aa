import type { ApiKey, Me } from "@entrepot/client"

/** What a key may be allowed to do. */
export type KeyScope = ApiKey["scopes"][number]

const scopesOf: Readonly<Record<Me["role"], readonly KeyScope[]>> = {
  admin: ["jobs:read", "jobs:write", "pull", "push", "admin"],
  operator: ["jobs:read", "jobs:write", "pull", "push"],
  viewer: ["jobs:read", "pull"],
}

/** What somebody with this role can hand to a key: the application refuses the rest. */
export function offeredScopes(role: Me["role"]): readonly KeyScope[] {
  return scopesOf[role]
}

/** How a scope is named among the pages' words, which have no colons. */
export function scopeWord(scope: KeyScope): "jobsRead" | "jobsWrite" | "pull" | "push" | "admin" {
  return scope === "jobs:read" ? "jobsRead" : scope === "jobs:write" ? "jobsWrite" : scope
}

/** The last millisecond of a day as a date field writes it (`2027-01-31`), in the reader's time zone; milliseconds since 1970. */
export function endOfDay(day: string): number {
  return new Date(`${day}T23:59:59.999`).getTime()
}

/** A day as a date field writes it, in the reader's time zone. */
export function dayOf(at: number): string {
  const date = new Date(at)
  const two = (part: number) => String(part).padStart(2, "0")
  return `${String(date.getFullYear()).padStart(4, "0")}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** Whether a key has had its last day. */
export function hasExpired({ expiresAt }: Pick<ApiKey, "expiresAt">, now: number): boolean {
  return expiresAt !== null && expiresAt <= now
}
