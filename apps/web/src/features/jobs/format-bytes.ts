const units = ["B", "kB", "MB", "GB", "TB"] as const

/** Bytes as a person reads them, decimal as Docker shows them: `28.2 MB`. */
export function formatBytes(bytes: number): string {
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3))
  const value = bytes / 1000 ** power
  return `${power === 0 ? value : value.toPrecision(3)} ${units[power] ?? "B"}`
}
