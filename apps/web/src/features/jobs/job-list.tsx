"use client"

import type { Job } from "@entrepot/client"
import { useTranslations } from "next-intl"
import { useEffect } from "react"
import { useRowWindow } from "../../components/row-window/use-row-window.ts"
import { useMedia } from "../../components/use-media.ts"
import type { Role } from "./job-controls.ts"
import { JobCard, JobRow, rowColumns } from "./job-row.tsx"
import type { RowActions } from "./row-buttons.tsx"

/** Heights of a row in columns, and as a card; pixels. */
const rowHeights = { table: 68, card: 156 }
const tableMedia = "(min-width: 72rem)"

/** So many rows before the end the next page is asked for. */
const ahead = 50
const columns = ["id", "image", "state", "bytes", "duration", "when", "actions"] as const

interface JobListProps {
  readonly jobs: readonly Job[]
  /** Whether more follow than are known. */
  readonly hasMore: boolean
  /** The end of what is known is near: told as long as it is, with every rendering. */
  readonly onNearEnd: () => void
  readonly role: Role | undefined
  readonly isBusy: (job: Job) => boolean
  readonly actions: RowActions
}

/** Any number of jobs, of which only those near the window are there: in columns, or where it is narrow as cards. */
export function JobList({ jobs, hasMore, onNearEnd, role, isBusy, actions }: JobListProps) {
  const say = useTranslations("jobs")
  const isTable = useMedia(tableMedia)
  const { element, rows, heightPx, offsetOf, onFocus } = useRowWindow(jobs, isTable ? rowHeights.table : rowHeights.card)
  const isNearEnd = (rows.at(-1)?.index ?? 0) >= jobs.length - ahead
  const Row = isTable ? JobRow : JobCard

  useEffect(() => {
    if (isNearEnd && hasMore) onNearEnd()
  })

  return (
    <>
      {isTable && <ListHead />}
      <ol ref={element} aria-label={say("list")} className="relative" style={{ height: heightPx }}>
        {rows.map(({ key, index, start, size }) => {
          const job = jobs[index]
          if (job === undefined) return null
          return (
            <li
              key={key}
              aria-posinset={index + 1}
              aria-setsize={hasMore ? -1 : jobs.length}
              className={`absolute inset-x-0 top-0 contain-layout contain-size contain-style ${index + 1 < jobs.length ? "border-b" : ""}`}
              style={{ height: size, transform: `translateY(${offsetOf(start)}px)` }}
              onFocus={() => onFocus(job)}
            >
              <Row job={job} role={role} busy={isBusy(job)} actions={actions} />
            </li>
          )
        })}
      </ol>
    </>
  )
}

/** Names of the columns, for eyes: each value carries its name for ears. */
function ListHead() {
  const say = useTranslations("jobs.column")
  return (
    <div aria-hidden className="sticky top-0 z-10 rounded-t-lg border-b bg-card">
      <div className={`${rowColumns} h-10 text-sm font-medium text-muted-foreground`}>
        {columns.map((column) => (
          <span key={column} className={column === "actions" ? "text-right" : undefined}>
            {say(column)}
          </span>
        ))}
      </div>
    </div>
  )
}
