const two = (value: number) => String(value).padStart(2, "0")

/** A day in local time, as dates are sorted and typed: `2024-01-15`. */
export function formatDay(at: number): string {
  const date = new Date(at)
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** A moment in local time, to the second: `2024-01-15 14:30:25`. */
export function formatTime(at: number): string {
  const date = new Date(at)
  return `${formatDay(at)} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`
}
