import type { ReactNode } from "react"

interface EmptyStateProps {
  readonly icon: ReactNode
  readonly title: ReactNode
  /** What to do about it. */
  readonly children?: ReactNode
}

/** Says that there is nothing yet, and how there would be something. */
export function EmptyState({ icon, title, children }: EmptyStateProps) {
  return (
    <div className="grid justify-items-center gap-2 px-4 py-12 text-center [&>svg]:size-8 [&>svg]:text-muted-foreground">
      {icon}
      <p className="font-medium">{title}</p>
      {children && <div className="grid max-w-md justify-items-center gap-4 text-sm text-muted-foreground">{children}</div>}
    </div>
  )
}
