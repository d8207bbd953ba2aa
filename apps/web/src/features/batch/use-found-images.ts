"use client"

import type { FoundImages } from "@entrepot/core/image-list"
import { useEffect, useState } from "react"

/** How long a person pauses between words, milliseconds. */
const pauseMs = 250

/** What a text names, a moment after it has changed. The reader of YAML is loaded with the first text. Undefined for an empty one. */
export function useFoundImages(text: string): FoundImages | undefined {
  const [found, setFound] = useState<FoundImages>()
  useEffect(() => {
    let isLatest = true
    const timer = setTimeout(async () => {
      const { findImages } = await import("@entrepot/core/image-list")
      if (isLatest) setFound(text.trim() === "" ? undefined : findImages(text))
    }, pauseMs)
    return () => {
      isLatest = false
      clearTimeout(timer)
    }
  }, [text])
  return found
}
