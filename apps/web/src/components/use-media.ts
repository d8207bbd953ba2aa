"use client"

import { useSyncExternalStore } from "react"

/** Whether the window fits a media query; true while there is no window. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = window.matchMedia(query)
      media.addEventListener("change", changed)
      return () => media.removeEventListener("change", changed)
    },
    () => window.matchMedia(query).matches,
    () => true,
  )
}
