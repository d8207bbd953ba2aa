"use client"

import type { AuditEntry } from "@entrepot/client"
import { useFormatter, useTranslations } from "next-intl"
import { memo } from "react"
import { Badge } from "../../../components/ui/badge.tsx"
import { auditWord } from "./audit-word.ts"

/** One thing that somebody did, or was refused. */
export const AuditRow = memo(function AuditRow({ entry }: { readonly entry: AuditEntry }) {
  const say = useTranslations("settings.audit")
  const format = useFormatter()
  const word = auditWord(entry.action)
  return (
    <li className="grid gap-x-4 gap-y-0.5 px-4 py-2.5 text-sm sm:grid-cols-[12rem_minmax(0,1fr)_minmax(0,12rem)] sm:px-6">
      <time dateTime={new Date(entry.at).toISOString()} className="text-muted-foreground tabular-nums">
        {format.dateTime(entry.at, { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23" })}
      </time>
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-x-2">
          <span className="font-medium">{word === undefined ? entry.action : say(`actions.${word}`)}</span>
          {entry.outcome === "refused" && <Badge tone="danger">{say("refused")}</Badge>}
        </p>
        <p className="break-all text-muted-foreground">{entry.subject}</p>
      </div>
      <p className="min-w-0 break-all sm:text-right">
        {entry.actorName}
        {entry.address !== "" && <span className="block font-mono text-xs text-muted-foreground">{entry.address}</span>}
      </p>
    </li>
  )
})
