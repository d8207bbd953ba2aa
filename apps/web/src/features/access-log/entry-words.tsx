"use client"

import { useTranslations } from "next-intl"
import { Badge, type Tone } from "../../components/ui/badge.tsx"
import { accessActions, cacheAnswers } from "./access-filter.ts"

/** By the hundreds of a status. */
const statusTones: Readonly<Record<number, Tone>> = { 2: "success", 4: "warning", 5: "danger" }
const cacheTones: Readonly<Record<string, Tone>> = { hit: "success", revalidated: "success", miss: "primary", stale: "warning" }

/** The status of an answer. */
export function StatusBadge({ status }: { readonly status: number }) {
  const say = useTranslations("accessLog.fields")
  return (
    <Badge tone={statusTones[Math.floor(status / 100)] ?? "neutral"} className="tabular-nums">
      <span className="sr-only">{say("status")} </span>
      {status}
    </Badge>
  )
}

/** Whether what was asked for was here; nothing where that is no question. */
export function CacheBadge({ cache }: { readonly cache: string | null }) {
  const say = useTranslations("accessLog")
  if (cache === null) return null
  const known = cacheAnswers.find((answer) => answer === cache)
  return <Badge tone={cacheTones[cache] ?? "neutral"}>{known === undefined ? cache : say(`caches.${known}`)}</Badge>
}

/** Makes a word of what was done. */
export function useActionWord(): (action: string) => string {
  const say = useTranslations("accessLog.actions")
  return (action) => {
    const known = accessActions.find((each) => each === action)
    return known === undefined ? action : say(known)
  }
}
