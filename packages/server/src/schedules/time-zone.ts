const longestName = 64

/** Whether this names a time zone: `Asia/Shanghai`, `UTC`. */
export function isTimeZone(name: string): boolean {
  if (name === "" || name.length > longestName) return false
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== ""
  } catch {
    return false
  }
}
