"use client"

import { useEffect, useState } from "react"

/** Whether somebody may be looking: false once the page has been hidden for so long, milliseconds. */
export function useTabVisible(graceMs: number): boolean {
  const [visible, setVisible] = useState(false)

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = () => {
      clearTimeout(timer)
      if (document.visibilityState === "visible") setVisible(true)
      else timer = setTimeout(() => setVisible(false), graceMs)
    }
    look()
    document.addEventListener("visibilitychange", look)
    return () => {
      clearTimeout(timer)
      document.removeEventListener("visibilitychange", look)
    }
  }, [graceMs])

  return visible
}
