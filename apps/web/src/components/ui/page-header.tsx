import type { ReactNode } from "react"

interface PageHeaderProps {
  readonly title: ReactNode
  readonly description?: ReactNode
  /** Buttons of the whole page. */
  readonly children?: ReactNode
}

/** The one first-level heading of a page. */
export function PageHeader({ title, description, children }: PageHeaderProps) {
  return (
    <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <h1 className="text-2xl font-semibold tracking-tight break-words">{title}</h1>
        {description && <p className="mt-1 text-sm text-muted-foreground">{description}</p>}
      </div>
      {children && <div className="flex flex-wrap items-center gap-2">{children}</div>}
    </div>
  )
}
