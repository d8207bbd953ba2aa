const two = (value: number) => String(value).padStart(2, "0")

/** `2026-11-21 10:45` in the time of this machine. */
export function formatTime(milliseconds: number): string {
  const time = new Date(milliseconds)
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`
}
