import { LRUCache } from "lru-cache"

interface Lifetime {
  /** How long an entry is believed, milliseconds; for ever unless told. */
  readonly ttl?: number
  /** How long a look at the clock is good for, milliseconds; 1 unless told. */
  readonly ttlResolution?: number
}

/**
 * Keeps the `most` entries that were used last. It takes room as it fills: a `max` would make LRUCache set all of it aside at once, which is tens of
 * megabytes for a registry that has just been opened, and nearly all of the time that opening takes.
 */
export function latelyUsed<K extends string | number, V extends object | string | number | boolean>(
  most: number,
  lifetime: Lifetime = {},
): LRUCache<K, V> {
  return new LRUCache<K, V>({ maxSize: most, sizeCalculation: () => 1, ...lifetime })
}
