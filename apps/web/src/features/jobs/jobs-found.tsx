"use client"

import { useTranslations } from "next-intl"
import { useEffect, useState } from "react"

interface JobsFoundProps {
  readonly count: number
  readonly hasMore: boolean
  /** These are the jobs of the present filter. */
  readonly settled: boolean
}

/** How many jobs a filter leaves. Said aloud once for each filter (give it that as its key), and not again as jobs come and go. */
export function JobsFound({ count, hasMore, settled }: JobsFoundProps) {
  const say = useTranslations("jobs")
  const [said, setSaid] = useState<string>()
  const words = settled ? say("found", { count, more: hasMore ? "yes" : "no" }) : ""

  useEffect(() => {
    if (words !== "") setSaid((before) => before ?? words)
  }, [words])

  return (
    <>
      <p aria-hidden className="min-h-5 text-sm text-muted-foreground tabular-nums">
        {words}
      </p>
      <p role="status" className="sr-only">
        {said}
      </p>
    </>
  )
}
