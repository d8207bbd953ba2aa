"use client"

import { type ReactNode, useId } from "react"
import { classNames } from "../../components/class-names.ts"

interface ChoiceProps<Value extends string> {
  readonly label: string
  readonly value: Value
  readonly options: readonly {
    readonly value: Value
    readonly label: string
    readonly icon?: ReactNode
    readonly lang?: string
  }[]
  readonly onChange: (value: Value) => void
  readonly className?: string | undefined
}

/** A few options side by side, of which one holds. */
export function Choice<Value extends string>({ label, value, options, onChange, className }: ChoiceProps<Value>) {
  const name = useId()
  return (
    <fieldset className={classNames("flex rounded-md border border-current/25 p-0.5 text-xs", className)}>
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <label
          key={option.value}
          lang={option.lang}
          title={option.icon === undefined ? undefined : option.label}
          className="flex min-h-7 items-center gap-1.5 rounded px-2 py-1 has-checked:bg-current/12 has-checked:font-medium has-focus-visible:outline-2 has-focus-visible:outline-ring [&_svg]:size-4"
        >
          <input
            type="radio"
            name={name}
            className="sr-only"
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.icon ?? option.label}
          {option.icon !== undefined && <span className="sr-only">{option.label}</span>}
        </label>
      ))}
    </fieldset>
  )
}
