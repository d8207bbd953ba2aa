"use client"

import { useTranslations } from "next-intl"
import { classNames } from "../class-names.ts"
import { Skeleton } from "./skeleton.tsx"

interface PendingListProps {
  readonly count: number
  /** The height that each row will have. */
  readonly className: string
  /** Of each line in a row its height and width. */
  readonly lines: readonly string[]
}

/** A list's first rows, while they are on their way; said once to whoever hears the page. */
export function PendingList({ count, className, lines }: PendingListProps) {
  const say = useTranslations("common")
  return (
    <div className="divide-y">
      <p role="status" className="sr-only">
        {say("loading")}
      </p>
      {Array.from({ length: count }, (_, row) => row).map((row) => (
        <div key={row} className={classNames("grid grid-cols-[minmax(0,1fr)] content-center gap-2", className)}>
          {lines.map((line) => (
            <Skeleton key={line} className={classNames(line, "max-w-full")} />
          ))}
        </div>
      ))}
    </div>
  )
}
