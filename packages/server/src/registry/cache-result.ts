import type { AccessEntry } from "@entrepot/registry"

/** Whether a request was answered with what it asked for. */
export function isServed({ status }: Pick<AccessEntry, "status">): boolean {
  return status === 200 || status === 206 || status === 304
}

/** Where a manifest or blob came from that was sent: clients ask with HEAD first, and are counted once. Null for everything else. */
export function cacheResultOf(entry: Pick<AccessEntry, "action" | "method" | "status" | "cache">): AccessEntry["cache"] {
  const isContent = entry.action === "pull" || entry.action === "blob"
  return isContent && entry.method === "GET" && isServed(entry) ? entry.cache : null
}
