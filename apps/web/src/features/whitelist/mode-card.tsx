"use client"

import type { PullMode } from "@entrepot/client"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import { useId, useState } from "react"
import { Problem } from "../../components/problem.tsx"
import { Alert } from "../../components/ui/alert.tsx"
import { Card, CardContent, CardHeader, CardTitle } from "../../components/ui/card.tsx"
import { ConfirmDialog } from "../../components/ui/confirm-dialog.tsx"
import { Skeleton } from "../../components/ui/skeleton.tsx"
import { useTRPC } from "../../connection/trpc.ts"

interface ModeCardProps {
  readonly mode: {
    readonly data: PullMode | undefined
    readonly error: unknown
    readonly isPending: boolean
    readonly refetch: () => unknown
  }
}

const modes = ["open", "login"] as const

/** Whether people need to log in to pull. A change is asked about: it is in force at once, for everybody. */
export function ModeCard({ mode }: ModeCardProps) {
  const say = useTranslations("whitelist")
  const trpc = useTRPC()
  const queries = useQueryClient()
  const name = useId()
  const [asked, setAsked] = useState<(typeof modes)[number]>()
  const set = useMutation(
    trpc.accessRules.setMode.mutationOptions({
      onSuccess: async () => {
        await queries.invalidateQueries({ queryKey: trpc.accessRules.pathKey() })
        setAsked(undefined)
      },
    }),
  )
  const present = mode.data === undefined ? undefined : mode.data.open ? "open" : "login"
  function close(): void {
    set.reset()
    setAsked(undefined)
  }
  return (
    <Card aria-label={say("mode")}>
      <CardHeader>
        <CardTitle>{say("mode")}</CardTitle>
      </CardHeader>
      <CardContent className="space-y-4">
        {mode.error !== null && <Problem error={mode.error} onRetry={() => void mode.refetch()} />}
        {(mode.data !== undefined || mode.isPending) && (
          <fieldset className="grid gap-3 sm:grid-cols-2" disabled={mode.data?.isConfigured !== false}>
            <legend className="sr-only">{say("mode")}</legend>
            {modes.map((each) => (
              <label
                key={each}
                className="flex items-start gap-3 rounded-md border p-3 text-sm has-checked:border-primary has-checked:bg-primary-soft has-focus-visible:outline-2 has-focus-visible:outline-ring"
              >
                <input
                  type="radio"
                  name={name}
                  className="mt-0.5 size-4 shrink-0 accent-primary"
                  checked={present === each}
                  onChange={() => setAsked(each)}
                />
                <span className="min-w-0">
                  <span className="font-medium">{say(`modes.${each}`)}</span>
                  <span className="block text-muted-foreground">{say(`modeHints.${each}`)}</span>
                </span>
              </label>
            ))}
          </fieldset>
        )}
        {mode.isPending && <Skeleton className="h-15 sm:h-5" />}
        {mode.data?.isConfigured && <Alert>{say("isConfigured")}</Alert>}
        {mode.data?.closesItself && <p className="text-sm text-muted-foreground">{say("closesItself")}</p>}
      </CardContent>
      <ConfirmDialog
        open={asked !== undefined}
        title={say(asked === "open" ? "openTitle" : "closeTitle")}
        action={say(asked === "open" ? "openAction" : "closeAction")}
        busy={set.isPending}
        onConfirm={() => asked && set.mutate({ open: asked === "open" })}
        onClose={close}
      >
        <p>{say(asked === "open" ? "openEffect" : "closeEffect")}</p>
        {set.error && <Problem error={set.error} />}
      </ConfirmDialog>
    </Card>
  )
}
