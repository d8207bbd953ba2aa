"use client"

import { useTranslations } from "next-intl"
import { type ClientName, clientNames } from "./clients.ts"

interface ClientChoiceProps {
  readonly value: ClientName
  readonly onChange: (name: ClientName) => void
}

/** Which client is set up. */
export function ClientChoice({ value, onChange }: ClientChoiceProps) {
  const say = useTranslations("setup")
  return (
    <fieldset>
      <legend className="mb-2 text-sm font-medium">{say("client")}</legend>
      <div className="flex flex-wrap gap-2">
        {clientNames.map((name) => (
          <label
            key={name}
            className="flex min-h-9 items-center gap-2 rounded-md border bg-card px-3 text-sm hover:bg-muted has-checked:border-primary has-checked:bg-primary-soft"
          >
            <input
              type="radio"
              name="client"
              className="size-4 shrink-0 accent-primary"
              checked={name === value}
              onChange={() => onChange(name)}
            />
            {say(`clients.${name}`)}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
