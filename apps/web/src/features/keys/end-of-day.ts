/** The last millisecond of a day as a date field writes it (`2027-01-31`), in the reader's time zone; milliseconds since 1970. */
export function endOfDay(day: string): number {
  return new Date(`${day}T23:59:59.999`).getTime()
}
