"use client"

import { useFormatter } from "next-intl"
import { formatTime } from "../../components/time/format-time.ts"

/** How long ago something was, in words; the exact time is what is asked for by pointing at it. Milliseconds since 1970. */
export function Age({ at }: { readonly at: number }) {
  const format = useFormatter()
  return (
    <time dateTime={new Date(at).toISOString()} title={formatTime(at)} className="whitespace-nowrap">
      {format.relativeTime(at, Date.now())}
    </time>
  )
}
