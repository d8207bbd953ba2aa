"use client"

import { ChevronRight, Download } from "lucide-react"
import { useTranslations } from "next-intl"
import { Badge } from "../../components/ui/badge.tsx"
import { Button } from "../../components/ui/button.tsx"
import type { ClientFile } from "./client-setup.ts"
import { CopiedText } from "./copied-text.tsx"
import { downloadText } from "./download-text.ts"

interface FileViewProps {
  readonly file: ClientFile
  /** Unfolded at first. */
  readonly open: boolean
}

/** A file: where it goes, what stands in it, and what to do where there is one already. */
export function FileView({ file, open }: FileViewProps) {
  const say = useTranslations("setup")
  const { path, text, version, isPart = false } = file
  const name = path.split("/").at(-1) ?? path
  return (
    <details open={open} className="group min-w-0 rounded-md border">
      <summary className="flex min-h-10 list-none flex-wrap items-center gap-x-2 gap-y-1 px-3 py-2 text-sm [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-4 shrink-0 text-muted-foreground transition-transform group-open:rotate-90" />
        <span className="min-w-0 flex-1 font-mono break-all">{path}</span>
        {version && <Badge>{version}</Badge>}
      </summary>
      <div className="grid gap-3 px-3 pb-3">
        <p className="text-sm text-muted-foreground">{say(isPart ? "part" : path.startsWith("/") ? "whole" : "anywhere")}</p>
        <CopiedText label={version === undefined ? path : `${path} (${version})`} text={text} copyLabel={say("copyFile")}>
          <Button variant="outline" size="small" onClick={() => downloadText(name, text)}>
            <Download aria-hidden />
            {say("download", { name })}
          </Button>
        </CopiedText>
      </div>
    </details>
  )
}
