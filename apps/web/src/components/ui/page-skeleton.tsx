"use client"

import { useTranslations } from "next-intl"
import { Skeleton } from "./skeleton.tsx"

/** A page whose words are on their way. */
export function PageSkeleton() {
  const say = useTranslations("common")
  return (
    <div className="space-y-6">
      <p role="status" className="sr-only">
        {say("loading")}
      </p>
      <Skeleton className="h-8 w-48" />
      <Skeleton className="h-64" />
      <Skeleton className="h-40" />
    </div>
  )
}
