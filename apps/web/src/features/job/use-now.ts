"use client"

import { useEffect, useState } from "react"

/** Milliseconds since 1970, once a second while it ticks. */
export function useNow(ticks: boolean): number {
  const [now, setNow] = useState(() => Date.now())

  useEffect(() => {
    if (!ticks) return
    setNow(Date.now())
    const timer = setInterval(() => setNow(Date.now()), 1_000)
    return () => clearInterval(timer)
  }, [ticks])

  return now
}
