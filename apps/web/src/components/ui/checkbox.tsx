import type { ComponentProps, ReactNode } from "react"
import { classNames } from "../class-names.ts"

interface CheckboxProps extends Omit<ComponentProps<"input">, "type"> {
  readonly label: ReactNode
  readonly hint?: ReactNode
}

/** Yes or no, with its label beside it. */
export function Checkbox({ label, hint, className, ...props }: CheckboxProps) {
  return (
    <label className={classNames("flex min-h-6 items-start gap-2.5 text-sm", className)}>
      <input type="checkbox" className="mt-0.5 size-4 shrink-0 accent-primary" {...props} />
      <span className="min-w-0">
        {label}
        {hint && <span className="block text-muted-foreground">{hint}</span>}
      </span>
    </label>
  )
}
