"use client"

import type { ProjectMember } from "@entrepot/client"
import { useTranslations } from "next-intl"
import { type FormEvent, useState } from "react"
import { Button } from "../../components/ui/button.tsx"
import { Field } from "../../components/ui/field.tsx"
import { Select } from "../../components/ui/select.tsx"
import { keyOf, type Person, placesFor } from "./project-people.ts"

interface AddMemberFormProps {
  /** Those who have no place in the project yet. */
  readonly people: readonly Person[]
  readonly isBusy: boolean
  readonly onAdd: (person: Pick<ProjectMember, "kind" | "memberId">, role: ProjectMember["role"]) => void
}

/** Gives somebody a place in a project. */
export function AddMemberForm({ people, isBusy, onAdd }: AddMemberFormProps) {
  const say = useTranslations("projects")
  const [chosen, setChosen] = useState("")
  const [wanted, setWanted] = useState<ProjectMember["role"]>("pull")
  const person = people.find((each) => keyOf(each) === chosen)
  const roles = placesFor[person?.kind ?? "web-user"]
  const role = roles.find((each) => each === wanted) ?? "pull"

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    if (person !== undefined) onAdd({ kind: person.kind, memberId: person.memberId }, role)
  }

  if (people.length === 0) return <p className="text-sm text-muted-foreground">{say("nobodyToAdd")}</p>
  return (
    <form className="grid items-end gap-3 sm:grid-cols-[1fr_11rem_auto]" onSubmit={submit}>
      <Field label={say("member")}>
        {(control) => (
          <Select {...control} required value={chosen} onChange={(event) => setChosen(event.target.value)}>
            <option value="">{say("chooseMember")}</option>
            {people.map((each) => (
              <option key={keyOf(each)} value={keyOf(each)}>
                {say("personOfKind", { name: each.name ?? "", kind: say(`kinds.${each.kind}`) })}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={say("role")}>
        {(control) => (
          <Select
            {...control}
            value={role}
            onChange={(event) => {
              const known = roles.find((each) => each === event.target.value)
              if (known !== undefined) setWanted(known)
            }}
          >
            {roles.map((each) => (
              <option key={each} value={each}>
                {say(`roles.${each}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Button type="submit" disabled={isBusy || person === undefined} aria-busy={isBusy}>
        {say("addMember")}
      </Button>
    </form>
  )
}
