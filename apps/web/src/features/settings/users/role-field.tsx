"use client"

import type { User } from "@entrepot/client"
import { useTranslations } from "next-intl"
import { Field } from "../../../components/ui/field.tsx"
import { Select } from "../../../components/ui/select.tsx"

const roles = ["operator", "viewer", "admin"] as const

/** One of the roles, with what it may do. */
export function RoleField({
  value,
  onChange,
}: {
  readonly value: User["role"]
  readonly onChange: (role: User["role"]) => void
}) {
  const say = useTranslations()
  return (
    <Field label={say("settings.users.role")} hint={say(`settings.users.roleHint.${value}`)}>
      {(control) => (
        <Select
          {...control}
          value={value}
          onChange={(event) => {
            const role = roles.find((known) => known === event.target.value)
            if (role !== undefined) onChange(role)
          }}
        >
          {roles.map((role) => (
            <option key={role} value={role}>
              {say(`shell.role.${role}`)}
            </option>
          ))}
        </Select>
      )}
    </Field>
  )
}
