import type { AccessRecord } from "@entrepot/client"

/** An entry of that number and time, otherwise like any other. */
export function accessEntry(id: number, at = id, more: Partial<AccessRecord> = {}): AccessRecord {
  return {
    ...{ id, at, user: "ci", address: "10.0.0.7", action: "pull", method: "GET", repository: "docker.io/library/nginx" },
    ...{ reference: "1.27", status: 200, bytes: 1_024, durationMs: 12, cache: "hit", upstream: null, userAgent: "skopeo/1.9.3" },
    ...more,
  }
}
