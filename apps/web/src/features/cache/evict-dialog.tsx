"use client"

import { formatBytes } from "@entrepot/core/progress"
import { useQuery } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import { type FormEvent, useState } from "react"
import { Button } from "../../components/ui/button.tsx"
import { Dialog } from "../../components/ui/dialog.tsx"
import { Field } from "../../components/ui/field.tsx"
import { Input } from "../../components/ui/input.tsx"
import { Select } from "../../components/ui/select.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { bytesOf, evictionOf, type SizeUnit, sizeUnits } from "./evict-size.ts"

interface EvictDialogProps {
  readonly open: boolean
  readonly onClose: () => void
  /** Undefined: down to the quota. */
  readonly onEvict: (toBytes: number | undefined) => void
}

/** Asks how much may stay, and says beforehand what that would remove. */
export function EvictDialog({ open, onClose, onEvict }: EvictDialogProps) {
  const say = useTranslations("cache")
  return (
    <Dialog open={open} onClose={onClose} title={say("kinds.evict.title")} isForm>
      <EvictForm onClose={onClose} onEvict={onEvict} />
    </Dialog>
  )
}

function EvictForm({ onClose, onEvict }: Omit<EvictDialogProps, "open">) {
  const say = useTranslations()
  const trpc = useTRPC()
  const usage = useQuery(trpc.registry.usage.queryOptions()).data
  const quota = usage?.quotaBytes ?? undefined
  const [text, setText] = useState("")
  const [unit, setUnit] = useState<SizeUnit>("GB")
  const typed = bytesOf(text, unit)
  const isTyped = text.trim() !== ""
  const toBytes = isTyped ? typed : quota
  const effect = usage !== undefined && toBytes !== undefined ? evictionOf(usage, toBytes) : undefined

  function submit(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    if (toBytes !== undefined) onEvict(isTyped ? toBytes : undefined)
  }

  return (
    <form className="grid gap-4" onSubmit={submit}>
      <p className="text-sm text-muted-foreground">{say("cache.evictHint")}</p>
      <div className="grid grid-cols-[1fr_6rem] items-start gap-3">
        <Field
          label={say("cache.mayStay")}
          hint={quota === undefined ? say("cache.sizeNeeded") : say("cache.emptyIsQuota", { quota: formatBytes(quota) })}
          problem={isTyped && typed === undefined ? say("cache.noSize") : undefined}
        >
          {(control) => (
            <Input
              {...control}
              inputMode="decimal"
              autoFocus
              autoComplete="off"
              required={quota === undefined}
              value={text}
              onChange={(event) => setText(event.target.value)}
            />
          )}
        </Field>
        <Field label={say("cache.unit")}>
          {(control) => (
            <Select
              {...control}
              value={unit}
              onChange={(event) => {
                if (event.target.value in sizeUnits) setUnit(event.target.value as SizeUnit)
              }}
            >
              {Object.keys(sizeUnits).map((name) => (
                <option key={name}>{name}</option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <p role="status" className="min-h-10 text-sm">
        {effect !== undefined &&
          usage !== undefined &&
          say(`cache.effect.${effect.falls}`, { bytes: formatBytes(usage.bytes), removes: formatBytes(effect.removes) })}
      </p>
      <div className="flex flex-wrap justify-end gap-2">
        <Button variant="outline" onClick={onClose}>
          {say("common.cancel")}
        </Button>
        <Button type="submit" variant="danger" disabled={effect === undefined || effect.removes === 0}>
          {say("cache.kinds.evict.start")}
        </Button>
      </div>
    </form>
  )
}
