"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import type { FormEvent } from "react"
import { Problem } from "../../../components/problem.tsx"
import { Alert } from "../../../components/ui/alert.tsx"
import { Button } from "../../../components/ui/button.tsx"
import { useTRPC } from "../../../connection/trpc.ts"
import { useTwiceTyped } from "../../session/use-twice-typed.tsx"

/** Changes the token that logs the first user in. */
export function TokenForm() {
  const say = useTranslations()
  const trpc = useTRPC()
  const queries = useQueryClient()
  const { fields, read } = useTwiceTyped({
    name: "token",
    label: say("session.newToken"),
    repeatLabel: say("session.repeatToken"),
  })
  const change = useMutation(
    trpc.accounts.changeToken.mutationOptions({ onSuccess: (me) => queries.setQueryData(trpc.accounts.me.queryKey(), me) }),
  )

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const element = event.currentTarget
    const token = read(new FormData(element))
    if (token !== undefined) change.mutate({ token }, { onSuccess: () => element.reset() })
  }

  return (
    <form className="grid gap-4" onSubmit={submit}>
      <p className="text-sm text-muted-foreground">{say("settings.general.tokenEffect")}</p>
      <input name="username" autoComplete="username" defaultValue="admin" readOnly hidden />
      {fields}
      {change.error && <Problem error={change.error} />}
      {change.isSuccess && <Alert tone="success">{say("settings.general.tokenChanged")}</Alert>}
      <Button
        type="submit"
        variant="outline"
        className="justify-self-start"
        disabled={change.isPending}
        aria-busy={change.isPending}
      >
        {say("settings.general.changeToken")}
      </Button>
    </form>
  )
}
