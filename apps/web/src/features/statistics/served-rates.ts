interface Found {
  readonly hits: number
  readonly misses: number
}

/** The share of manifests and blobs that were here when they were asked for, 0 to 1; null where none was. */
export function hitRate({ hits, misses }: Found): number | null {
  return hits + misses === 0 ? null : hits / (hits + misses)
}

/** What clients were sent and no upstream had to send for it, bytes; 0 where more was fetched than sent. */
export function savedBytes({ bytesSent, bytesFetched }: { readonly bytesSent: number; readonly bytesFetched: number }): number {
  return Math.max(0, bytesSent - bytesFetched)
}
