"use client"

import type { ReactNode } from "react"
import { CopyButton } from "../../components/ui/copy-button.tsx"

interface CopiedTextProps {
  /** For whoever hears the page. */
  readonly label: string
  readonly text: string
  /** On the button. */
  readonly copyLabel: string
  readonly children?: ReactNode
}

/** Text that is copied as it stands: long lines scroll by themselves. */
export function CopiedText({ label, text, copyLabel, children }: CopiedTextProps) {
  return (
    <div className="grid min-w-0 gap-2">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1) */}
      <section tabIndex={0} aria-label={label} className="overflow-x-auto rounded-md bg-muted px-3 py-2">
        <pre className="font-mono text-xs leading-relaxed">{text}</pre>
      </section>
      <div className="flex flex-wrap gap-2">
        <CopyButton text={text} label={copyLabel} />
        {children}
      </div>
    </div>
  )
}
