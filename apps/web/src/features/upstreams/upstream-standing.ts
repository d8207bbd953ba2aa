import type { Upstream } from "@entrepot/client"

/**
 * How an upstream stands, for people. `off`: switched off; `unasked`: nothing is known yet; `failed`: it is asked as usual, and failed last;
 * `resting`: left alone for a while; `trying`: one request finds out whether it is back.
 */
export type Standing = "off" | "unasked" | "works" | "failed" | "resting" | "trying"

/** What is switched off has no other standing, and an upstream that is left alone no milder one, whatever it answered last. */
export function standingOf({ enabled, health }: Pick<Upstream, "enabled" | "health">): Standing {
  if (!enabled) return "off"
  if (health === null) return "unasked"
  if (health.circuit === "open") return "resting"
  if (health.circuit === "half-open") return "trying"
  const { lastSuccessAt, lastFailureAt } = health
  if (lastFailureAt !== null && lastFailureAt > (lastSuccessAt ?? 0)) return "failed"
  return lastSuccessAt === null ? "unasked" : "works"
}

/** A budget that is nearly used up: less than a tenth is left. */
export function isScarce({ limit, remaining }: { readonly limit: number; readonly remaining: number }): boolean {
  return remaining * 10 < limit
}
