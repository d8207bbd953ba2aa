"use client"

import { useFormatter, useLocale, useTranslations } from "next-intl"
import { memo, useLayoutEffect, useRef, useState } from "react"
import { classNames } from "../../components/class-names.ts"
import { Button } from "../../components/ui/button.tsx"
import { type LogLine, type LogWords, logLineOf } from "./log-line.ts"
import type { LogEntry } from "./watched-job.ts"

/** Lines are drawn in blocks of so many, and a block that is full is never drawn again. */
const blockLines = 40
/** Blocks that are drawn without being asked for. */
const shownBlocks = 8

interface StageLogProps {
  readonly entries: readonly LogEntry[]
  /** As the person wrote it: `nginx:1.27`. */
  readonly image: string
}

/** The log of a job, in a window of its own that stays at the end until somebody scrolls up. */
export function StageLog({ entries, image }: StageLogProps) {
  const say = useTranslations("job")
  const words = useLogWords(image)
  const scroller = useRef<HTMLElement>(null)
  const [sticks, setSticks] = useState(true)
  const blocks = Math.ceil(entries.length / blockLines)
  const [first, setFirst] = useState(0)
  const usual = Math.max(0, blocks - shownBlocks)
  // Lines leave at the top only while nobody reads there.
  if (sticks && first !== usual && first < usual) setFirst(usual)
  const shownFrom = Math.min(first, usual)

  useLayoutEffect(() => {
    if (sticks && scroller.current !== null) scroller.current.scrollTop = scroller.current.scrollHeight
  }, [entries, sticks])

  return (
    <div className="space-y-2">
      <div className="flex items-center justify-between gap-2">
        <h2 className="text-sm font-medium">{say("log.title")}</h2>
        {!sticks && (
          <Button variant="link" size="small" className="h-6" onClick={() => setSticks(true)}>
            {say("log.toEnd")}
          </Button>
        )}
      </div>
      <section
        ref={scroller}
        aria-label={say("log.title")}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) =>
          setSticks(scrollHeight - scrollTop - clientHeight < 24)
        }
        className="h-64 overflow-y-auto rounded-md border bg-muted/50 px-3 py-2 font-mono text-xs leading-6"
      >
        {shownFrom > 0 && (
          <Button
            variant="link"
            size="small"
            className="h-6 font-sans text-xs"
            onClick={() => {
              setSticks(false)
              setFirst(Math.max(0, shownFrom - 10))
            }}
          >
            {say("log.earlier", { count: shownFrom * blockLines })}
          </Button>
        )}
        {entries.length === 0 && <p className="text-muted-foreground">{say("log.empty")}</p>}
        {Array.from({ length: blocks - shownFrom }, (_, place) => {
          const from = (shownFrom + place) * blockLines
          return (
            <LogBlock key={from} entries={entries} from={from} to={Math.min(entries.length, from + blockLines)} words={words} />
          )
        })}
      </section>
    </div>
  )
}

function useLogWords(image: string): LogWords {
  const say = useTranslations("job")
  const locale = useLocale()
  const format = useFormatter()
  const known = useRef<LogWords>(undefined)
  if (known.current?.say !== say || known.current.image !== image || known.current.locale !== locale) {
    const clock = (at: number) => format.dateTime(at, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" })
    known.current = { image, locale, say, clock }
  }
  return known.current
}

interface LogBlockProps {
  readonly entries: readonly LogEntry[]
  readonly from: number
  readonly to: number
  readonly words: LogWords
}

/** Entries are only ever added, so that a block is the same as long as its bounds are. */
const LogBlock = memo(
  function LogBlock({ entries, from, to, words }: LogBlockProps) {
    return (
      <ol>
        {entries.slice(from, to).map((entry) => (
          <LogRow key={entry.sequence} entry={entry} words={words} />
        ))}
      </ol>
    )
  },
  (one, other) => one.from === other.from && one.to === other.to && one.words === other.words,
)

const tones: Readonly<Record<LogLine["tone"], string>> = {
  plain: "font-medium",
  quiet: "text-muted-foreground",
  success: "font-medium text-success",
  warning: "text-warning",
  danger: "text-danger",
}

const LogRow = memo(function LogRow({ entry, words }: { readonly entry: LogEntry; readonly words: LogWords }) {
  const { text, tone } = logLineOf(entry, words)
  return (
    <li className="flex gap-3">
      <time dateTime={new Date(entry.at).toISOString()} className="shrink-0 text-muted-foreground tabular-nums">
        {words.clock(entry.at)}
      </time>
      <bdi className={classNames("min-w-0 break-words", tones[tone])}>{text}</bdi>
    </li>
  )
})
