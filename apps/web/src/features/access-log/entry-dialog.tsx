"use client"

import type { AccessRecord } from "@entrepot/client"
import { formatBytes } from "@entrepot/core/progress"
import { ListFilter } from "lucide-react"
import Link from "next/link"
import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { formatTime } from "../../components/time/format-time.ts"
import { Dialog } from "../../components/ui/dialog.tsx"
import { type AccessFilter, formatAccessFilter } from "./access-filter.ts"
import { neighboursOf } from "./entry-name.ts"
import { CacheBadge, StatusBadge, useActionWord } from "./entry-words.tsx"
import { formatElapsed } from "./format-elapsed.ts"

interface EntryDialogProps {
  /** Undefined while none is opened. */
  readonly entry: AccessRecord | undefined
  /** What the list is narrowed to now, and stays narrowed to. */
  readonly filter: AccessFilter
  readonly onClose: () => void
}

/** Everything that is known of an entry, with links that narrow the list to others like it. */
export function EntryDialog({ entry, filter, onClose }: EntryDialogProps) {
  const say = useTranslations("accessLog")
  return (
    <Dialog open={entry !== undefined} onClose={onClose} title={say("entry", { id: entry?.id ?? 0 })} className="max-w-2xl">
      {entry && <Facts entry={entry} filter={filter} onFollow={onClose} />}
    </Dialog>
  )
}

interface FactsProps {
  readonly entry: AccessRecord
  readonly filter: AccessFilter
  readonly onFollow: () => void
}

function Facts({ entry, filter, onFollow }: FactsProps) {
  const say = useTranslations("accessLog")
  const word = useActionWord()
  const neighbours = neighboursOf(entry.repository)
  const only = (change: Partial<AccessFilter>, words: string) => (
    <Link
      href={`/access-log${formatAccessFilter({ ...filter, ...change })}`}
      prefetch={false}
      scroll={false}
      onClick={onFollow}
      className="flex min-h-6 w-fit items-center gap-1.5 text-xs text-primary underline underline-offset-4 hover:text-primary-hover"
    >
      <ListFilter aria-hidden className="size-3.5 shrink-0" />
      {words}
    </Link>
  )
  return (
    <dl className="grid gap-x-4 text-sm sm:gap-y-2 sm:grid-cols-[8rem_minmax(0,1fr)]">
      <Fact name={say("fields.time")}>
        <time dateTime={new Date(entry.at).toISOString()} className="tabular-nums">
          {formatTime(entry.at)}
        </time>
      </Fact>
      <Fact name={say("fields.user")}>
        {entry.user === "" ? say("anonymous") : <span className="break-all">{entry.user}</span>}
        {entry.user !== "" && only({ user: entry.user }, say("only.user"))}
      </Fact>
      <Fact name={say("fields.address")}>
        <span className="font-mono break-all">{entry.address}</span>
        {only({ address: entry.address }, say("only.address"))}
      </Fact>
      <Fact name={say("fields.action")}>
        {word(entry.action)} <span className="font-mono text-muted-foreground">{entry.method}</span>
      </Fact>
      {entry.repository !== "" && (
        <Fact name={say("fields.repository")}>
          <span className="font-mono break-all">{entry.repository}</span>
          {only({ repository: entry.repository }, say("only.repository"))}
          {neighbours !== undefined && only({ repository: neighbours }, say("only.neighbours", { prefix: neighbours }))}
        </Fact>
      )}
      {entry.reference !== "" && (
        <Fact name={say("fields.reference")}>
          <span className="font-mono break-all">{entry.reference}</span>
        </Fact>
      )}
      <Fact name={say("fields.status")}>
        <StatusBadge status={entry.status} />
      </Fact>
      {entry.cache !== null && (
        <Fact name={say("fields.cache")}>
          <CacheBadge cache={entry.cache} />
        </Fact>
      )}
      {entry.upstream !== null && (
        <Fact name={say("fields.upstream")}>
          <span className="font-mono break-all">{entry.upstream}</span>
        </Fact>
      )}
      <Fact name={say("fields.bytes")}>
        <span className="tabular-nums">{formatBytes(entry.bytes)}</span>
      </Fact>
      <Fact name={say("fields.duration")}>
        <span className="tabular-nums">{formatElapsed(entry.durationMs)}</span>
      </Fact>
      <Fact name={say("fields.client")}>
        <span className="break-all">{entry.userAgent || "–"}</span>
      </Fact>
    </dl>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-muted-foreground">{name}</dt>
      <dd className="mb-2 min-w-0 sm:mb-0">{children}</dd>
    </>
  )
}
