const units = ["B", "kB", "MB", "GB", "TB"]

/** `0 B`, `532 kB`, `15.7 MB`, `1.07 GB`: three digits, decimal units as Docker shows them. */
export function formatBytes(bytes: number): string {
  let value = Math.max(0, bytes)
  let unit = 0
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000
    unit++
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
  return `${value.toFixed(digits)} ${units[unit]}`
}
