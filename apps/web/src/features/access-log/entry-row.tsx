"use client"

import type { AccessRecord } from "@entrepot/client"
import { formatBytes } from "@entrepot/core/progress"
import { useTranslations } from "next-intl"
import { memo } from "react"
import { formatTime } from "../../components/time/format-time.ts"
import { entryName, shortEntryName } from "./entry-name.ts"
import { CacheBadge, StatusBadge, useActionWord } from "./entry-words.tsx"
import { formatElapsed } from "./format-elapsed.ts"

/** Columns of the list; the same for its head. */
export const entryColumns = "grid grid-cols-[5.5rem_9rem_minmax(0,1fr)_3.5rem_9rem_5.5rem] items-center gap-x-4 px-4"

interface EntryRowProps {
  readonly entry: AccessRecord
  readonly onOpen: (entry: AccessRecord) => void
}

/** An entry as a row in columns; its height does not depend on what it says. */
export const EntryRow = memo(function EntryRow({ entry, onOpen }: EntryRowProps) {
  const say = useTranslations("accessLog")
  const [day, time] = formatTime(entry.at).split(" ")
  return (
    <div className={`${entryColumns} h-full text-sm`}>
      <time dateTime={new Date(entry.at).toISOString()} className="tabular-nums">
        {time}
        <span className="block text-xs text-muted-foreground">{day}</span>
      </time>
      <div className="min-w-0">
        <Who entry={entry} />
        <p className="truncate font-mono text-xs text-muted-foreground" title={entry.address}>
          {entry.address}
        </p>
      </div>
      <div className="min-w-0">
        <OpenButton entry={entry} onOpen={onOpen} />
        <p className="truncate text-xs text-muted-foreground" title={entry.userAgent}>
          <span className="sr-only">{say("fields.client")} </span>
          {entry.userAgent || "–"}
        </p>
      </div>
      <StatusBadge status={entry.status} />
      <div className="min-w-0">
        <CacheBadge cache={entry.cache} />
        {entry.upstream !== null && (
          <p className="truncate font-mono text-xs text-muted-foreground" title={entry.upstream}>
            <span className="sr-only">{say("fields.upstream")} </span>
            {entry.upstream}
          </p>
        )}
      </div>
      <div className="text-right tabular-nums">
        <span className="sr-only">{say("fields.bytes")} </span>
        {formatBytes(entry.bytes)}
        <p className="text-xs text-muted-foreground">
          <span className="sr-only">{say("fields.duration")} </span>
          {formatElapsed(entry.durationMs)}
        </p>
      </div>
    </div>
  )
})

/** The same where there is no room for columns; as high for every entry. */
export const EntryCard = memo(function EntryCard({ entry, onOpen }: EntryRowProps) {
  const say = useTranslations("accessLog")
  return (
    <div className="grid h-full content-center gap-1 px-4 py-2 text-sm">
      <div className="flex items-center justify-between gap-2">
        <span className="flex min-w-0 items-center gap-2">
          <StatusBadge status={entry.status} />
          <CacheBadge cache={entry.cache} />
        </span>
        <time dateTime={new Date(entry.at).toISOString()} className="shrink-0 text-xs text-muted-foreground tabular-nums">
          {formatTime(entry.at)}
        </time>
      </div>
      <OpenButton entry={entry} onOpen={onOpen} />
      <div className="flex min-w-0 items-baseline gap-2">
        <Who entry={entry} />
        <p className="truncate font-mono text-xs text-muted-foreground">{entry.address}</p>
      </div>
      <p className="truncate text-xs text-muted-foreground" title={entry.userAgent}>
        <span className="sr-only">{say("fields.client")} </span>
        {entry.userAgent || "–"}
      </p>
      <p className="flex min-w-0 gap-x-3 text-xs text-muted-foreground tabular-nums">
        <span className="shrink-0">{formatBytes(entry.bytes)}</span>
        <span className="shrink-0">{formatElapsed(entry.durationMs)}</span>
        {entry.upstream !== null && (
          <span className="truncate font-mono">
            <span className="sr-only">{say("fields.upstream")} </span>
            {entry.upstream}
          </span>
        )}
      </p>
    </div>
  )
})

/** What was asked for: opens everything that is known of it. */
function OpenButton({ entry, onOpen }: EntryRowProps) {
  const name = entryName(entry)
  const word = useActionWord()(entry.action)
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      title={name === "" ? undefined : name}
      className="line-clamp-2 min-h-6 w-full text-left break-all hover:underline min-[72rem]:line-clamp-1"
      onClick={() => onOpen(entry)}
    >
      {word}
      {name !== "" && <span className="font-mono font-medium"> {shortEntryName(entry)}</span>}
    </button>
  )
}

function Who({ entry: { user } }: { readonly entry: AccessRecord }) {
  const say = useTranslations("accessLog")
  return (
    <p className={`min-w-0 truncate ${user === "" ? "text-muted-foreground" : ""}`} title={user === "" ? undefined : user}>
      {user === "" ? say("anonymous") : user}
    </p>
  )
}
