"use client"

import { Unplug } from "lucide-react"
import { useTranslations } from "next-intl"

/** Says quietly that what is shown stands still for a moment. */
export function ConnectionBanner() {
  const say = useTranslations("job")
  return (
    <p role="status" className="flex items-center gap-2 rounded-md bg-warning-soft px-3 py-2 text-sm text-warning">
      <Unplug aria-hidden className="size-4 shrink-0" />
      {say("disconnected")}
    </p>
  )
}
