"use client"

import { Download } from "lucide-react"
import { useTranslations } from "next-intl"
import { Button } from "../../components/ui/button.tsx"
import { type AccessFilter, exportAddress } from "./access-filter.ts"

/** The entries of the present filter as a file. */
export function ExportLinks({ filter }: { readonly filter: AccessFilter }) {
  const say = useTranslations("accessLog.export")
  return (["csv", "json"] as const).map((format) => (
    <Button key={format} asChild variant="outline" size="small">
      <a href={exportAddress(filter, format, Date.now())} download>
        <Download aria-hidden />
        {say(format)}
      </a>
    </Button>
  ))
}
