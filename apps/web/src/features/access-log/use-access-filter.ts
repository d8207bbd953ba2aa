"use client"

import { useSearchParams } from "next/navigation"
import { useCallback, useMemo } from "react"
import { type AccessFilter, formatAccessFilter, isSameFilter, parseAccessFilter } from "./access-filter.ts"

/** The filter of the page's address. Changing it is a step that the back button takes back. */
export function useAccessFilter(): readonly [AccessFilter, (change: Partial<AccessFilter>) => void] {
  const address = useSearchParams()
  const filter = useMemo(() => parseAccessFilter(address), [address])

  const change = useCallback(
    (part: Partial<AccessFilter>) => {
      const next = { ...filter, ...part }
      if (isSameFilter(filter, next)) return
      // Next follows the browser's history: the page need not be asked for anew.
      window.history.pushState(null, "", window.location.pathname + formatAccessFilter(next))
    },
    [filter],
  )

  return [filter, change]
}
