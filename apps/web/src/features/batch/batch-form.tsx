"use client"

import type { Target } from "@entrepot/client"
import { useMutation } from "@tanstack/react-query"
import { Rocket } from "lucide-react"
import { useLocale, useTranslations } from "next-intl"
import { type FormEvent, useCallback, useDeferredValue, useMemo, useRef, useState } from "react"
import { Problem } from "../../components/problem.tsx"
import { Button } from "../../components/ui/button.tsx"
import { Card, CardContent } from "../../components/ui/card.tsx"
import { Field } from "../../components/ui/field.tsx"
import { Input } from "../../components/ui/input.tsx"
import { useEntrepot } from "../../connection/entrepot-provider.tsx"
import { readDraft, valueIn } from "../mirror/draft-problems.ts"
import { type MirrorDraft, namesSameTarget, withKnownTarget } from "../mirror/mirror-draft.ts"
import { isHalfLogin, requestedTarget } from "../mirror/mirror-request.ts"
import { TargetCard } from "../mirror/target-card.tsx"
import { useTargetCheck } from "../mirror/use-target-check.ts"
import { CheckAnswers } from "../targets/check-answers.tsx"
import { BatchPlan } from "./batch-plan.tsx"
import { batchRows, isReady, requestedImages } from "./batch-rows.ts"
import { BatchSource } from "./batch-source.tsx"
import { useFoundImages } from "./use-found-images.ts"
import { useRowPlans } from "./use-row-plans.ts"

interface BatchFormProps {
  readonly targets: readonly Target[]
  /** Address of the server's default target; null without one. */
  readonly defaultTarget: string | null
  readonly opened: MirrorDraft
  readonly openedText: string
  readonly onStarted: (id: number, draft: MirrorDraft) => void
}

const nothing: ReadonlySet<string> = new Set()

/** Finds the images of a text, shows what they become, and starts them together. */
export function BatchForm({ targets, defaultTarget, opened, openedText, onStarted }: BatchFormProps) {
  const say = useTranslations("batch")
  const locale = useLocale()
  const client = useEntrepot()
  const [text, setText] = useState(openedText)
  const [title, setTitle] = useState("")
  const [removed, setRemoved] = useState(nothing)
  const [held, setDraft] = useState(opened)
  const [wasSent, setWasSent] = useState(false)
  const [isHalf, setIsHalf] = useState(false)
  const password = useRef<HTMLInputElement>(null)
  const draft = withKnownTarget(held, targets)
  const read = readDraft(draft, { targets, defaultTarget }, locale)
  const place = valueIn(read.place)
  const found = useFoundImages(text)
  // Names are read anew only when one of them can have changed, and after what is typed is seen: a list may have a thousand.
  const placeKey = JSON.stringify(place)
  const namedPlace = useDeferredValue(useMemo(() => place, [placeKey]))
  const rows = useMemo(() => batchRows(found?.images ?? [], removed, namedPlace, locale), [found, removed, namedPlace, locale])
  const { plans, ask, forget } = useRowPlans()

  const target = () => requestedTarget(draft, password.current?.value ?? "")
  const check = useTargetCheck(target)
  // Without variables: what a mutation is given, its cache keeps, and passwords would be among it.
  const start = useMutation({
    mutationFn: () => {
      const asked = target()
      return client.jobs.startBatch.mutate({
        images: requestedImages(rows),
        ...(title.trim() === "" ? {} : { title: title.trim() }),
        ...(asked === undefined ? {} : { target: asked }),
      })
    },
  })

  const remove = useCallback((row: string) => setRemoved((before) => new Set(before).add(row)), [])

  function blocked(): boolean {
    const typed = draft.destination === "typed" && draft.address.trim() !== ""
    const half = typed && isHalfLogin(draft.username, password.current?.value ?? "")
    setIsHalf(half)
    if (half) password.current?.focus()
    return half || "problem" in read.place
  }

  function submit(event: FormEvent): void {
    event.preventDefault()
    setWasSent(true)
    if (start.isPending || !isReady(rows) || blocked()) return
    start.mutate(undefined, { onSuccess: ({ id }) => onStarted(id, draft) })
  }

  return (
    <form className="grid gap-6" onSubmit={submit} noValidate autoComplete="off" aria-label={say("form")}>
      <div className="grid gap-6 lg:grid-cols-2">
        <BatchSource
          text={text}
          found={found}
          onText={(changed) => {
            setText(changed)
            setRemoved(nothing)
            forget()
          }}
        />
        <TargetCard
          draft={draft}
          read={read}
          targets={targets}
          defaultTarget={defaultTarget}
          wasSent={wasSent}
          passwordRef={password}
          passwordProblem={isHalf ? say("halfLogin") : undefined}
          onPassword={() => {
            setIsHalf(false)
            check.reset()
          }}
          onChange={(next) => {
            if (!namesSameTarget(next, draft)) check.reset()
            forget()
            setDraft(next)
          }}
          onCheck={() => {
            if (!blocked()) check.mutate()
          }}
          isChecking={check.isPending}
        >
          {check.error && <Problem error={check.error} onRetry={() => check.mutate()} />}
          {check.data && <CheckAnswers check={check.data} />}
        </TargetCard>
      </div>
      <BatchPlan
        rows={rows}
        removed={removed.size}
        plans={plans}
        onAsk={() => {
          if (blocked()) return
          void ask(
            rows.flatMap(({ source }) => (source === undefined ? [] : [source])),
            target(),
          )
        }}
        onRemove={remove}
        onRestore={() => setRemoved(nothing)}
      />
      <Card>
        <CardContent className="grid gap-4 sm:grid-cols-[1fr_auto] sm:items-end">
          <Field label={say("title")}>
            {(control) => (
              <Input
                {...control}
                value={title}
                maxLength={256}
                placeholder={say("titleExample")}
                onChange={(event) => setTitle(event.target.value)}
              />
            )}
          </Field>
          <Button type="submit" disabled={!isReady(rows) || start.isPending} aria-busy={start.isPending}>
            <Rocket aria-hidden />
            {say("start", { count: rows.length })}
          </Button>
          {start.error && (
            <div className="sm:col-span-2">
              <Problem error={start.error} />
            </div>
          )}
        </CardContent>
      </Card>
    </form>
  )
}
