"use client"

import { defaultRangeExtractor, type Range, useWindowVirtualizer } from "@tanstack/react-virtual"
import { useCallback, useLayoutEffect, useRef, useState } from "react"
import { indexOfNumber, rowsToScroll } from "./held-place.ts"

const overscan = 2

/**
 * Of a long list in a page, whose numbers fall, the rows near the window. The row that has the focus is always among them, and rows that come and go
 * above the window move nothing in it.
 */
export function useRowWindow<Numbered extends { readonly id: number }>(items: readonly Numbered[], rowHeight: number) {
  const element = useRef<HTMLOListElement>(null)
  const focused = useRef<number | undefined>(undefined)
  const [top, setTop] = useState(0)
  const shown = useRef(items)

  const rangeExtractor = useCallback(
    (range: Range) => {
      const indexes = defaultRangeExtractor(range)
      const id = focused.current
      const at = id === undefined ? -1 : indexOfNumber(items, id)
      if (at === -1 || items[at]?.id !== id || indexes.includes(at)) return indexes
      return [...indexes, at].sort((one, other) => one - other)
    },
    [items],
  )

  const rows = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => rowHeight,
    overscan,
    scrollMargin: top,
    getItemKey: useCallback((index: number) => items[index]?.id ?? index, [items]),
    rangeExtractor,
  })

  // Measured once the page has its layout, never with each rendering: asking in between makes the browser lay out every row at once.
  useLayoutEffect(() => {
    const measure = () => {
      const box = element.current?.getBoundingClientRect()
      if (box !== undefined) setTop(Math.round(box.top + window.scrollY))
    }
    measure()
    const resized = new ResizeObserver(measure)
    resized.observe(document.body)
    return () => resized.disconnect()
  }, [])

  useLayoutEffect(() => rows.measure(), [rows, rowHeight])

  useLayoutEffect(() => {
    const topRow = Math.floor((window.scrollY - top) / rowHeight)
    const moved = rowsToScroll(shown.current, items, topRow)
    shown.current = items
    if (moved !== 0) window.scrollBy(0, moved * rowHeight)
  }, [items, rowHeight, top])

  return {
    element,
    rows: rows.getVirtualItems(),
    heightPx: rows.getTotalSize(),
    /** Pixels from the list's beginning. */
    offsetOf: (start: number) => start - top,
    onFocus: ({ id }: Numbered) => {
      focused.current = id
    },
  }
}
