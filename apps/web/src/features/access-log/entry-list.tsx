"use client"

import type { AccessRecord } from "@entrepot/client"
import { useTranslations } from "next-intl"
import { useEffect } from "react"
import { useRowWindow } from "../../components/row-window/use-row-window.ts"
import { useMedia } from "../../components/use-media.ts"
import { EntryCard, EntryRow, entryColumns } from "./entry-row.tsx"

/** Heights of a row in columns, and as a card; pixels. */
const rowHeights = { table: 60, card: 156 }
const tableMedia = "(min-width: 72rem)"

/** So many rows before the end the next page is asked for. */
const ahead = 30
const columns = ["when", "who", "what", "status", "cache", "amount"] as const

interface EntryListProps {
  readonly entries: readonly AccessRecord[]
  /** Whether older ones follow. */
  readonly hasMore: boolean
  /** The end of what is known is near: told as long as it is, with every rendering. */
  readonly onNearEnd: () => void
  readonly onOpen: (entry: AccessRecord) => void
}

/** Entries of the log, of which only those near the window are there: in columns, or where it is narrow as cards. */
export function EntryList({ entries, hasMore, onNearEnd, onOpen }: EntryListProps) {
  const say = useTranslations("accessLog")
  const isTable = useMedia(tableMedia)
  const { element, rows, heightPx, offsetOf, onFocus } = useRowWindow(entries, isTable ? rowHeights.table : rowHeights.card)
  const isNearEnd = (rows.at(-1)?.index ?? 0) >= entries.length - ahead
  const Row = isTable ? EntryRow : EntryCard

  useEffect(() => {
    if (isNearEnd && hasMore) onNearEnd()
  })

  return (
    <>
      {isTable && (
        <div aria-hidden className={`${entryColumns} h-10 border-b text-sm font-medium text-muted-foreground`}>
          {columns.map((column) => (
            <span key={column} className={column === "amount" ? "text-right" : undefined}>
              {say(`column.${column}`)}
            </span>
          ))}
        </div>
      )}
      <ol ref={element} aria-label={say("list")} className="relative" style={{ height: heightPx }}>
        {rows.map(({ key, index, start, size }) => {
          const entry = entries[index]
          if (entry === undefined) return null
          return (
            <li
              key={key}
              aria-posinset={index + 1}
              aria-setsize={hasMore ? -1 : entries.length}
              className={`absolute inset-x-0 top-0 contain-layout contain-size contain-style ${index + 1 < entries.length ? "border-b" : ""}`}
              style={{ height: size, transform: `translateY(${offsetOf(start)}px)` }}
              onFocus={() => onFocus(entry)}
            >
              <Row entry={entry} onOpen={onOpen} />
            </li>
          )
        })}
      </ol>
    </>
  )
}
