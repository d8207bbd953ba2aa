const scales = [
  ["G", 1000 ** 3],
  ["M", 1000 ** 2],
  ["K", 1000],
  ["Gi", 1024 ** 3],
  ["Mi", 1024 ** 2],
  ["Ki", 1024],
] as const

/** A rate as it is typed: `20M`, `1.5G`, `512Ki`; core's parseRate makes the same number of it. Bytes a second. */
export function formatRate(bytesPerSecond: number): string {
  for (const [unit, scale] of scales) {
    const value = bytesPerSecond / scale
    if (value >= 1 && Number.isInteger(value * 10)) return `${value}${unit}`
  }
  return String(bytesPerSecond)
}
