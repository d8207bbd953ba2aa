"use client"

import { Download } from "lucide-react"
import { useTranslations } from "next-intl"
import { Button } from "../../components/ui/button.tsx"
import { exportAddress, exportFormats } from "./export-address.ts"
import type { JobFilter } from "./job-filter.ts"

/** The jobs of the present filter as a file. */
export function ExportLinks({ filter }: { readonly filter: JobFilter }) {
  const say = useTranslations("jobs.export")
  return exportFormats.map((format) => (
    <Button key={format} asChild variant="outline" size="small">
      <a href={exportAddress(filter, format, Date.now())} download>
        <Download aria-hidden />
        {say(format)}
      </a>
    </Button>
  ))
}
