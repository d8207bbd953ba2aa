/** Something that a person who waits should know, one sentence without secrets. */
export interface HttpNotice {
  readonly kind: "waiting" | "retrying"
  readonly host: string
  readonly message: string
  /** How long nothing will happen, milliseconds. */
  readonly forMs: number
}

export type OnNotice = (notice: HttpNotice) => void

/** `1.5 s`, `30 s`, `12 min`, `6 h`: a duration as a person says it. */
export function formatDuration(ms: number): string {
  const seconds = ms / 1000
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`
  if (seconds < 120) return `${Math.round(seconds)} s`
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`
  return `${Math.round(seconds / 3600)} h`
}
