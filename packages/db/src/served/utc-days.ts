/** Numbers from `from` on, before `until`; none where that is not after it. */
export interface Span {
  readonly from: number
  readonly until: number
}

/** Day since 1970 that an hour since 1970 is of, by UTC. */
export function dayOfHour(hour: number): number {
  return Math.floor(hour / 24)
}

/** Month since January 1970 that a day since 1970 is of, by UTC. */
export function monthOfDay(day: number): number {
  const date = new Date(day * 86_400_000)
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth()
}

/** Hours as whole days, and what is left of them before and after. */
export function daysWithin(hours: Span): { readonly days: Span; readonly hours: readonly Span[] } {
  const { whole, rest } = wholesWithin(
    hours,
    { from: Math.ceil(hours.from / 24), until: dayOfHour(hours.until) },
    (day) => day * 24,
  )
  return { days: whole, hours: rest }
}

/** Days as whole months, and what is left of them before and after. */
export function monthsWithin(days: Span): { readonly months: Span; readonly days: readonly Span[] } {
  const first = monthOfDay(days.from)
  const from = firstDayOf(first) === days.from ? first : first + 1
  const { whole, rest } = wholesWithin(days, { from, until: monthOfDay(days.until) }, firstDayOf)
  return { months: whole, days: rest }
}

function firstDayOf(month: number): number {
  return Date.UTC(1970, month) / 86_400_000
}

function wholesWithin(span: Span, whole: Span, firstOf: (whole: number) => number) {
  if (whole.from >= whole.until) return { whole: { from: 0, until: 0 }, rest: [span] }
  const rest = [
    { from: span.from, until: firstOf(whole.from) },
    { from: firstOf(whole.until), until: span.until },
  ]
  return { whole, rest: rest.filter(({ from, until }) => from < until) }
}
