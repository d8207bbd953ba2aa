"use client"

import { describeHint } from "@entrepot/core/errors"
import { useLocale, useTranslations } from "next-intl"
import { Field } from "../../components/ui/field.tsx"
import { Input } from "../../components/ui/input.tsx"
import { Select } from "../../components/ui/select.tsx"
import { previewNaming } from "./naming-example.ts"
import { namedRules, namingOf, type RuleChoice, type TargetDraft } from "./target-draft.ts"

interface NamingFieldProps {
  readonly draft: TargetDraft
  readonly onChange: (change: Partial<TargetDraft>) => void
}

const choices: readonly RuleChoice[] = [...namedRules, "template"]

/** The naming rule, and what it makes of two images. */
export function NamingField({ draft, onChange }: NamingFieldProps) {
  const say = useTranslations("targets")
  const locale = useLocale()
  const { examples, problem } = previewNaming(namingOf(draft), draft.address)
  return (
    <div className="grid gap-3">
      <Field label={say("naming")}>
        {(control) => (
          <Select
            {...control}
            value={draft.rule}
            onChange={(event) => {
              const rule = choices.find((choice) => choice === event.target.value)
              if (rule !== undefined) onChange({ rule })
            }}
          >
            {choices.map((choice) => (
              <option key={choice} value={choice}>
                {say(`rules.${choice}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {draft.rule === "template" && (
        <Field
          label={say("template")}
          hint={say("templateHint")}
          problem={problem && describeHint(problem.hint ?? problem.message, locale)}
        >
          {(control) => (
            <Input
              {...control}
              mono
              value={draft.template}
              maxLength={512}
              spellCheck={false}
              autoCapitalize="none"
              onChange={(event) => onChange({ template: event.target.value })}
            />
          )}
        </Field>
      )}
      <dl aria-label={say("example")} className="grid gap-2 rounded-md bg-muted px-3 py-2 font-mono text-xs">
        {examples.map(({ source, target }) => (
          <div key={source}>
            <dt className="break-all text-muted-foreground">{source}</dt>
            <dd className="break-all">→ {target ?? "—"}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}
