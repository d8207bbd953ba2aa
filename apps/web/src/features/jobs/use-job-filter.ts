"use client"

import { usePathname, useSearchParams } from "next/navigation"
import { useCallback, useMemo } from "react"
import { formatJobFilter, isSameFilter, type JobFilter, parseJobFilter } from "./job-filter.ts"

/** The filter of the page's address. Changing it is a step that the back button takes back, except for what is still being typed. */
export function useJobFilter(): readonly [JobFilter, (change: Partial<JobFilter>) => void] {
  const address = useSearchParams()
  const path = usePathname()
  const filter = useMemo(() => parseJobFilter(address), [address])

  const change = useCallback(
    (part: Partial<JobFilter>) => {
      const next = { ...filter, ...part }
      if (isSameFilter(filter, next)) return
      const typesOn = part.search !== undefined && part.search !== "" && filter.search !== ""
      // Next follows the browser's history: the page need not be asked for anew.
      window.history[typesOn ? "replaceState" : "pushState"](null, "", path + formatJobFilter(next))
    },
    [filter, path],
  )

  return [filter, change]
}
