"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import type { FormEvent } from "react"
import { Problem } from "../../components/problem.tsx"
import { Alert } from "../../components/ui/alert.tsx"
import { Button } from "../../components/ui/button.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { useTwiceTyped } from "./use-twice-typed.tsx"

/** The change that the default token has to make before anything else. */
export function ChangeTokenForm() {
  const say = useTranslations("session")
  const trpc = useTRPC()
  const queries = useQueryClient()
  const { fields, read } = useTwiceTyped({
    name: "token",
    label: say("newToken"),
    repeatLabel: say("repeatToken"),
    autoFocus: true,
  })
  const change = useMutation(
    trpc.accounts.changeToken.mutationOptions({ onSuccess: (me) => queries.setQueryData(trpc.accounts.me.queryKey(), me) }),
  )

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const token = read(new FormData(event.currentTarget))
    if (token !== undefined) change.mutate({ token })
  }

  return (
    <form className="grid gap-4" onSubmit={submit}>
      <Alert tone="warning">{say("changeFirst")}</Alert>
      <input name="username" autoComplete="username" defaultValue="admin" readOnly hidden />
      {fields}
      {change.error && <Problem error={change.error} />}
      <Button type="submit" disabled={change.isPending} aria-busy={change.isPending}>
        {say("change")}
      </Button>
    </form>
  )
}
