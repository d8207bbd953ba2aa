"use client"

import type { Target } from "@entrepot/client"
import { formatCanonical } from "@entrepot/core/reference"
import { useMutation } from "@tanstack/react-query"
import { useLocale, useTranslations } from "next-intl"
import { type FormEvent, useRef, useState } from "react"
import { Problem } from "../../components/problem.tsx"
import { Skeleton } from "../../components/ui/skeleton.tsx"
import { useEntrepot } from "../../connection/entrepot-provider.tsx"
import { CheckAnswers } from "../targets/check-answers.tsx"
import { blockingFields, type FieldName, fieldNames, readDraft, valueIn } from "./draft-problems.ts"
import { InspectedImagePanel } from "./inspected-image.tsx"
import { type MirrorDraft, namesSameTarget, withKnownTarget } from "./mirror-draft.ts"
import { inspectRequestOf, mirrorRequestOf, type Passwords, requestedTarget } from "./mirror-request.ts"
import { SourceCard } from "./source-card.tsx"
import { StartCard } from "./start-card.tsx"
import { TargetCard } from "./target-card.tsx"
import { useTargetCheck } from "./use-target-check.ts"

interface MirrorFormProps {
  readonly targets: readonly Target[]
  /** Address of the server's default target; null without one. */
  readonly defaultTarget: string | null
  /** What the form begins with; with another `key` it begins anew. */
  readonly opened: MirrorDraft
  /** The job that was started with this draft. */
  readonly onStarted: (id: number, draft: MirrorDraft) => void
}

/** Asks which image goes where, and starts the job. */
export function MirrorForm({ targets, defaultTarget, opened, onStarted }: MirrorFormProps) {
  const say = useTranslations("mirror")
  const client = useEntrepot()
  const locale = useLocale()
  const [held, setDraft] = useState(opened)
  const draft = withKnownTarget(held, targets)
  const [wasSent, setWasSent] = useState(false)
  /** Fields that kept the last request from being made. */
  const [blocked, setBlocked] = useState<readonly FieldName[]>([])
  const form = useRef<HTMLFormElement>(null)
  const sourcePassword = useRef<HTMLInputElement>(null)
  const targetPassword = useRef<HTMLInputElement>(null)

  const read = readDraft(draft, { targets, defaultTarget }, locale, say("wrongAddress"))
  const reference = valueIn(read.image)
  const passwords = (): Passwords => ({
    source: sourcePassword.current?.value ?? "",
    target: targetPassword.current?.value ?? "",
  })

  // Without variables: what a mutation is given, its cache keeps, and passwords would be among it.
  const inspect = useMutation({ mutationFn: () => client.image.inspect.mutate(inspectRequestOf(draft, passwords().source)) })
  const check = useTargetCheck(() => requestedTarget(draft, passwords().target))
  const start = useMutation({ mutationFn: () => client.jobs.start.mutate(mirrorRequestOf(draft, passwords())) })

  function forgiveAll(): void {
    setBlocked([])
    setWasSent(false)
  }

  function change(next: MirrorDraft): void {
    if (next.image !== draft.image) inspect.reset()
    if (!namesSameTarget(next, draft)) check.reset()
    if (start.isError) start.reset()
    forgiveAll()
    setDraft(next)
  }

  /** The fields that stand in the way; the first of them gets the focus. */
  function blockedBy(names: readonly FieldName[]): boolean {
    const blocking = blockingFields(draft, read, passwords()).filter((name) => names.includes(name))
    setBlocked(blocking)
    const field = form.current?.querySelector<HTMLElement>(`[name="${blocking[0] ?? ""}"]`)
    const folded = field?.closest("details")
    if (folded) folded.open = true
    field?.focus()
    return blocking.length > 0
  }

  function submit(event: FormEvent): void {
    event.preventDefault()
    if (start.isPending) return
    setWasSent(true)
    if (blockedBy(fieldNames)) return
    start.mutate(undefined, {
      onSuccess: ({ id }) => {
        setWasSent(false)
        onStarted(id, draft)
      },
    })
  }

  const found = inspect.data
  const isOfThis = found !== undefined && reference !== undefined && found.canonical === formatCanonical(reference)
  const halfLogin = (name: FieldName) => (blocked.includes(name) ? say("halfLogin") : undefined)
  const shared = { draft, read, wasSent, onChange: change }

  return (
    <form ref={form} className="space-y-6" onSubmit={submit} noValidate autoComplete="off" aria-label={say("form")}>
      <p role="status" className="sr-only">
        {inspect.isPending ? say("inspecting") : isOfThis ? say("inspected", { count: found.platforms.length }) : ""}
      </p>
      <div className="grid grid-cols-1 gap-6 lg:grid-cols-2">
        <SourceCard
          {...shared}
          passwordRef={sourcePassword}
          onPassword={forgiveAll}
          passwordProblem={halfLogin("sourcePassword")}
          onInspect={() => {
            if (blockedBy(["image", "sourcePassword"])) return
            setDraft({ ...draft, platforms: undefined })
            inspect.mutate()
          }}
          isInspecting={inspect.isPending}
        >
          {inspect.error && <Problem error={inspect.error} onRetry={() => inspect.mutate()} />}
          {inspect.isPending && <Skeleton className="h-36" />}
          {isOfThis && <InspectedImagePanel found={found} draft={draft} onChange={change} />}
        </SourceCard>
        <TargetCard
          {...shared}
          targets={targets}
          defaultTarget={defaultTarget}
          isAddressBlocked={blocked.includes("address")}
          passwordRef={targetPassword}
          onPassword={() => {
            forgiveAll()
            check.reset()
          }}
          passwordProblem={halfLogin("password")}
          onCheck={() => {
            if (!blockedBy(["address", "password"])) check.mutate()
          }}
          isChecking={check.isPending}
        >
          {check.error && <Problem error={check.error} onRetry={() => check.mutate()} />}
          {check.data && <CheckAnswers check={check.data} />}
        </TargetCard>
      </div>
      <StartCard {...shared} isStarting={start.isPending}>
        {start.error && <Problem error={start.error} />}
      </StartCard>
    </form>
  )
}
