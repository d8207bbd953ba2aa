/** The beginning of a day that is written as `2024-01-15`, in local time, milliseconds since 1970; `later` days after it. Undefined when there is no such day. */
export function startOfDay(day: string, later = 0): number | undefined {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(day)
  if (parts === null) return undefined
  const [year, month, date] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
  const start = new Date(year, month - 1, date)
  if (start.getMonth() !== month - 1 || start.getDate() !== date || start.getFullYear() !== year) return undefined
  // By the calendar and not by hours, of which some days have 23 or 25.
  return new Date(year, month - 1, date + later).getTime()
}
