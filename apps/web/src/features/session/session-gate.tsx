"use client"

import { usePathname, useRouter } from "next/navigation"
import { type ReactNode, useEffect } from "react"
import { Problem } from "../../components/problem.tsx"
import { PageSkeleton } from "../../components/ui/page-skeleton.tsx"
import { useMe } from "./use-me.ts"

/** Lets through whoever is logged in; sends everybody else to the login, and back here afterwards. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const { state, error, again } = useMe()
  const router = useRouter()
  const path = usePathname()
  const away = state === "none" || state === "mustChange"

  useEffect(() => {
    if (!away) return
    const next = path + window.location.search
    router.replace(next === "/" ? "/login" : `/login?next=${encodeURIComponent(next)}`)
  }, [away, path, router])

  if (error !== undefined) return <Problem error={error} onRetry={again} />
  return state === "open" ? children : <PageSkeleton />
}
