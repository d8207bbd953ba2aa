"use client"

import type { Settings } from "@entrepot/client"
import { RotateCcw } from "lucide-react"
import { useTranslations } from "next-intl"
import { Button } from "../../../components/ui/button.tsx"
import { Field } from "../../../components/ui/field.tsx"
import { Input } from "../../../components/ui/input.tsx"
import { bounds, type SettingName, settingText } from "./settings-draft.ts"

interface SettingFieldProps {
  readonly name: SettingName
  readonly setting: Settings[SettingName]
  readonly text: string
  readonly problem: "whole" | "rate" | undefined
  readonly busy: boolean
  readonly onType: (text: string) => void
  /** What is configured holds again. */
  readonly onForget: () => void
}

/** One setting; where it was saved here, what is configured stands below. */
export function SettingField({ name, setting, text, problem, busy, onType, onForget }: SettingFieldProps) {
  const say = useTranslations("settings.transfers")
  const [least, most] = name === "limitRate" ? [0, 0] : bounds[name]
  const configured = settingText(name, setting.configured)
  return (
    <div className="grid content-start gap-1">
      <Field
        label={say(`${name}.label`)}
        hint={say(`${name}.hint`)}
        problem={problem && (problem === "rate" ? say("noRate") : say("outOfBounds", { least, most }))}
      >
        {(control) => (
          <Input
            {...control}
            value={text}
            inputMode={name === "limitRate" ? "text" : "numeric"}
            autoComplete="off"
            placeholder={name === "jobConcurrency" ? undefined : say(`${name}.none`)}
            className="max-w-48 tabular-nums"
            onChange={(event) => onType(event.target.value)}
          />
        )}
      </Field>
      {setting.saved && (
        <Button variant="link" className="justify-self-start text-sm" disabled={busy} onClick={onForget}>
          <RotateCcw aria-hidden />
          {say("useConfigured", { value: configured === "" && name !== "jobConcurrency" ? say(`${name}.none`) : configured })}
        </Button>
      )}
    </div>
  )
}
