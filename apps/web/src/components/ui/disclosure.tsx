import { ChevronRight } from "lucide-react"
import type { ComponentProps, ReactNode } from "react"
import { classNames } from "../class-names.ts"

interface DisclosureProps extends ComponentProps<"details"> {
  readonly summary: ReactNode
}

/** What few people need, folded away. What was typed inside stays when it is folded again. */
export function Disclosure({ summary, className, children, ...props }: DisclosureProps) {
  return (
    <details className={classNames("group min-w-0", className)} {...props}>
      <summary className="flex min-h-8 w-fit list-none items-center gap-1.5 rounded text-sm text-muted-foreground hover:text-foreground [&::-webkit-details-marker]:hidden">
        <ChevronRight aria-hidden className="size-4 shrink-0 transition-transform group-open:rotate-90" />
        {summary}
      </summary>
      <div className="grid gap-4 pt-2 pb-1">{children}</div>
    </details>
  )
}
