"use client"

import { type AccessRule, EntrepotError } from "@entrepot/client"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { Plus } from "lucide-react"
import { useTranslations } from "next-intl"
import { type FormEvent, useState } from "react"
import { Problem } from "../../components/problem.tsx"
import { Alert } from "../../components/ui/alert.tsx"
import { Button } from "../../components/ui/button.tsx"
import { Field } from "../../components/ui/field.tsx"
import { asTyped, Input } from "../../components/ui/input.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { exampleOf } from "./rule-examples.ts"
import { RuleMeaning } from "./rule-meaning.tsx"

interface NewRuleFormProps {
  readonly effect: AccessRule["effect"]
  /** It would be what makes people log in for everything else. */
  readonly closes: boolean
}

/** Adds a rule; what it will mean is said while it is typed. */
export function NewRuleForm({ effect, closes }: NewRuleFormProps) {
  const say = useTranslations("whitelist")
  const trpc = useTRPC()
  const queries = useQueryClient()
  const [prefix, setPrefix] = useState("")
  const create = useMutation(
    trpc.accessRules.create.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.accessRules.pathKey() })
        setPrefix("")
      },
    }),
  )
  const isTaken = create.error instanceof EntrepotError && create.error.code === "conflict"
  const example = exampleOf(prefix)
  const isWrong = prefix.trim() !== "" && example === undefined

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    if (!isWrong) create.mutate({ effect, prefix: prefix.trim() })
  }

  return (
    <form className="grid gap-3" autoComplete="off" onSubmit={submit}>
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <Field
          className="flex-1 basis-64"
          label={say(`newRule.${effect}`)}
          hint={say("prefixHint")}
          problem={isTaken ? say("taken") : isWrong ? say("wrongPrefix") : undefined}
        >
          {(control) => (
            <Input
              {...control}
              {...asTyped}
              mono
              required
              maxLength={511}
              value={prefix}
              placeholder={effect === "allow" ? "helloz" : "gcr.io/team"}
              onChange={(event) => {
                setPrefix(event.target.value)
                create.reset()
              }}
            />
          )}
        </Field>
        <Button type="submit" variant="outline" className="sm:mt-6.5" disabled={create.isPending} aria-busy={create.isPending}>
          <Plus aria-hidden />
          {say(`add.${effect}`)}
        </Button>
      </div>
      {example && <RuleMeaning effect={effect} example={example} />}
      {closes && prefix.trim() !== "" && <Alert tone="warning">{say("firstRule")}</Alert>}
      {create.error && !isTaken && <Problem error={create.error} />}
    </form>
  )
}
