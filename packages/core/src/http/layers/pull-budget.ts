import type { HttpHeaders, HttpRequest } from "../http.ts"

/** What a host says of the pulls that are left (Docker Hub's `ratelimit-limit: 100;w=21600` and `ratelimit-remaining`). */
export interface PullBudget {
  readonly limit: number | undefined
  readonly remaining: number
  /** Length of the sliding window, seconds. */
  readonly windowSeconds: number | undefined
  /** Monotonic milliseconds at which it was said. */
  readonly seenAt: number
}

/** Undefined when the answer says nothing about it. */
export function readPullBudget(headers: HttpHeaders, now: number): PullBudget | undefined {
  const remaining = readQuantity(headers.get("ratelimit-remaining"))
  if (!remaining) return undefined
  const limit = readQuantity(headers.get("ratelimit-limit"))
  return {
    limit: limit?.value,
    remaining: remaining.value,
    windowSeconds: remaining.windowSeconds ?? limit?.windowSeconds,
    seenAt: now,
  }
}

/** Only GET of a manifest costs; HEAD and blobs are free (docker/docs 0a951c52). */
export function costsAPull(request: HttpRequest): boolean {
  return request.method === "GET" && /^\/v2\/.+\/manifests\/[^/]+$/.test(request.url.pathname)
}

function readQuantity(header: string | undefined): { value: number; windowSeconds: number | undefined } | undefined {
  const match = /^\s*(\d{1,9})\s*(?:;\s*w=(\d{1,9}))?/.exec(header ?? "")
  if (!match) return undefined
  return { value: Number(match[1]), windowSeconds: match[2] === undefined ? undefined : Number(match[2]) }
}
