"use client"

import { MapPinOff } from "lucide-react"
import Link from "next/link"
import { useTranslations } from "next-intl"
import { Button } from "../../components/ui/button.tsx"
import { PageHeader } from "../../components/ui/page-header.tsx"

/** Says that nothing stands at this address. */
export function NotFound() {
  const say = useTranslations("common")
  return (
    <div className="grid justify-items-center gap-4 py-16 text-center">
      <MapPinOff aria-hidden className="size-10 text-muted-foreground" />
      <PageHeader title={say("notFound")} description={say("notFoundHint")} />
      <Button asChild variant="outline">
        <Link href="/">{say("toStart")}</Link>
      </Button>
    </div>
  )
}
