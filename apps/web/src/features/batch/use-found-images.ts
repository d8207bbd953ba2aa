"use client"

import { startTransition, useEffect, useState } from "react"
import { openImageReader } from "./open-image-reader.ts"
import type { ReadImages } from "./read-images.ts"

/** How long a person pauses between words, milliseconds. */
const pauseMs = 250

/** What a text names, a moment after it has changed. Undefined for an empty one. Throws, for the page's boundary, where no text can be read. */
export function useFoundImages(text: string): ReadImages | undefined {
  const [found, setFound] = useState<ReadImages>()
  const [reader] = useState(openImageReader)

  useEffect(() => reader.close, [reader])

  useEffect(() => {
    let isLatest = true
    // A list of a thousand is drawn in pieces, between which the page answers.
    const show = (images: ReadImages | undefined) => startTransition(() => setFound(images))
    const timer = setTimeout(() => {
      if (text.trim() === "") return show(undefined)
      reader.read(text).then(
        (images) => {
          if (isLatest) show(images)
        },
        (problem: unknown) => {
          if (!isLatest) return
          setFound(() => {
            throw problem
          })
        },
      )
    }, pauseMs)
    return () => {
      isLatest = false
      clearTimeout(timer)
    }
  }, [reader, text])

  return found
}
