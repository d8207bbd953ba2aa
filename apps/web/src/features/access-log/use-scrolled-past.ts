"use client"

import { type RefObject, useEffect, useRef, useState } from "react"

/** Whether an element has left the window by its upper edge. */
export function useScrolledPast(): { readonly ref: RefObject<HTMLDivElement | null>; readonly isPast: boolean } {
  const ref = useRef<HTMLDivElement>(null)
  const [isPast, setPast] = useState(false)
  useEffect(() => {
    const element = ref.current
    if (element === null) return
    const observer = new IntersectionObserver(([entry]) => {
      if (entry !== undefined) setPast(!entry.isIntersecting && entry.boundingClientRect.bottom <= 0)
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  return { ref, isPast }
}
