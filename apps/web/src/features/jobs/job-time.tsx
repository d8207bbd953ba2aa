"use client"

import { formatTime } from "../../components/time/format-time.ts"

/** A moment, in the reader's time zone: `2024-01-15 14:30:25`. */
export function JobTime({ at, className }: { readonly at: number; readonly className?: string }) {
  return (
    <time dateTime={new Date(at).toISOString()} className={className}>
      {formatTime(at)}
    </time>
  )
}
