"use client"

import { type ReactNode, useId } from "react"
import { classNames } from "../class-names.ts"

/** What a field gives to the input inside it. */
export interface FieldControl {
  readonly id: string
  readonly "aria-describedby": string | undefined
  readonly "aria-invalid": true | undefined
}

interface FieldProps {
  readonly label: ReactNode
  readonly hint?: ReactNode
  /** The sentence that says what is wrong with what was typed. */
  readonly problem?: ReactNode
  readonly className?: string | undefined
  readonly children: (control: FieldControl) => ReactNode
}

/** A label, an input, what helps to fill it, and what is wrong with it, tied together for everyone who hears the page. */
export function Field({ label, hint, problem, className, children }: FieldProps) {
  const id = useId()
  const note = problem ?? hint
  return (
    <div className={classNames("grid min-w-0 content-start gap-1.5", className)}>
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      {children({
        id,
        "aria-describedby": note === undefined ? undefined : `${id}-note`,
        "aria-invalid": problem === undefined ? undefined : true,
      })}
      {note !== undefined && (
        <p id={`${id}-note`} className={classNames("text-sm", problem === undefined ? "text-muted-foreground" : "text-danger")}>
          {note}
        </p>
      )}
    </div>
  )
}
