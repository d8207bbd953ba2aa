"use client"

import { useEffect, useState } from "react"

/** Whether anybody can see the page; false only once it has been hidden for that long, milliseconds. */
export function usePageShown(graceMs: number): boolean {
  const [shown, setShown] = useState(true)

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    const look = () => {
      clearTimeout(timer)
      if (document.hidden) timer = setTimeout(() => setShown(false), graceMs)
      else setShown(true)
    }
    document.addEventListener("visibilitychange", look)
    return () => {
      clearTimeout(timer)
      document.removeEventListener("visibilitychange", look)
    }
  }, [graceMs])

  return shown
}
