"use client"

import type { CareRun } from "@entrepot/client"
import { formatBytes } from "@entrepot/core/progress"
import { useTranslations } from "next-intl"
import { findingsOf } from "./care-run.ts"

/** What a run has found so far, in words. */
export function FindingList({ run }: { readonly run: Pick<CareRun, "kind" | "findings"> }) {
  const say = useTranslations("cache")
  return (
    <ul aria-label={say("findings")} className="flex flex-wrap gap-x-4 gap-y-1 text-sm tabular-nums">
      {findingsOf(run).map(({ name, value, isTrouble }) => (
        <li key={name} className={isTrouble ? "font-medium text-danger" : undefined}>
          {name === "bytes" ? formatBytes(value) : say(`found.${name}`, { count: value })}
        </li>
      ))}
    </ul>
  )
}
