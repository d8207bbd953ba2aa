"use client"

import { useTranslations } from "next-intl"
import { Skeleton } from "../../components/ui/skeleton.tsx"

const places = Array.from({ length: 10 }, (_, index) => index)

/** The list's first rows, while they are on their way. */
export function PendingEntries() {
  const say = useTranslations("common")
  return (
    <div className="divide-y">
      <p role="status" className="sr-only">
        {say("loading")}
      </p>
      {places.map((place) => (
        <div key={place} className="grid h-[156px] grid-cols-[minmax(0,1fr)] content-center gap-2 px-4 min-[72rem]:h-[60px]">
          <Skeleton className="h-4 w-72 max-w-full" />
          <Skeleton className="h-3 w-96 max-w-full" />
        </div>
      ))}
    </div>
  )
}
