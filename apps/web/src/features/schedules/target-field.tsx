"use client"

import type { Target } from "@entrepot/client"
import Link from "next/link"
import { useTranslations } from "next-intl"
import { Field } from "../../components/ui/field.tsx"
import { Select } from "../../components/ui/select.tsx"
import { isAtRegistry, useOwnRegistry } from "../../connection/use-own-registry.ts"
import { canLogInAlone } from "./target-choice.ts"

interface TargetFieldProps {
  readonly targets: readonly Target[]
  /** Address of the server's default target; null without one, which is then not offered. */
  readonly defaultTarget: string | null
  /** Undefined: nothing is chosen yet. Null: the default target of the configuration. */
  readonly value: number | null | undefined
  readonly onChange: (targetId: number | null | undefined) => void
}

/** Where to; only targets that need nobody to type a password. */
export function TargetField({ targets, defaultTarget, value, onChange }: TargetFieldProps) {
  const say = useTranslations("schedules")
  const own = useOwnRegistry()
  // The server's own login or none goes to the default target.
  const hasNone = defaultTarget === null && !targets.some(canLogInAlone)
  return (
    <Field
      label={say("target")}
      hint={
        hasNone
          ? say.rich("noTarget", {
              link: (text) => (
                <Link href="/targets" className="text-primary underline underline-offset-4">
                  {text}
                </Link>
              ),
            })
          : say("targetHint")
      }
    >
      {(control) => (
        <Select
          {...control}
          required
          value={value === undefined ? "" : value === null ? "default" : String(value)}
          onChange={({ target: { value: chosen } }) =>
            onChange(chosen === "" ? undefined : chosen === "default" ? null : Number(chosen))
          }
        >
          <option value="">{say("chooseTarget")}</option>
          {targets.map((target) => (
            <option key={target.id} value={target.id} disabled={!canLogInAlone(target)}>
              {canLogInAlone(target)
                ? say("targetOption", { name: target.name, host: target.host })
                : say("targetWithoutPassword", { name: target.name, host: target.host })}
            </option>
          ))}
          {(defaultTarget !== null || value === null) && (
            <option value="default">
              {defaultTarget === null
                ? say("defaultTarget")
                : say(isAtRegistry(defaultTarget, own) ? "ownRegistryAt" : "defaultTargetAt", { address: defaultTarget })}
            </option>
          )}
        </Select>
      )}
    </Field>
  )
}
