"use client"

import { useTranslations } from "next-intl"
import { Checkbox } from "../../components/ui/checkbox.tsx"
import { Field } from "../../components/ui/field.tsx"
import { Select } from "../../components/ui/select.tsx"
import type { MirrorDraft } from "./mirror-draft.ts"

interface OptionFieldsProps {
  readonly draft: MirrorDraft
  readonly onChange: (draft: MirrorDraft) => void
}

/** How the image is copied, for those who want it otherwise. */
export function OptionFields({ draft, onChange }: OptionFieldsProps) {
  const say = useTranslations("mirror")
  return (
    <div className="grid grid-cols-1 gap-4 sm:grid-cols-2">
      <Field label={say("engine")} hint={say(draft.engine === "docker" ? "dockerHint" : "directHint")}>
        {(control) => (
          <Select
            {...control}
            value={draft.engine}
            onChange={({ target: { value } }) => onChange({ ...draft, engine: value === "docker" ? "docker" : "direct" })}
          >
            <option value="direct">{say("direct")}</option>
            <option value="docker">{say("docker")}</option>
          </Select>
        )}
      </Field>
      <div className="grid content-start gap-3">
        <Checkbox
          label={say("referrers")}
          hint={say("referrersHint")}
          checked={draft.referrers}
          onChange={(event) => onChange({ ...draft, referrers: event.target.checked })}
        />
        <Checkbox
          label={say("forceUpload")}
          hint={say("forceUploadHint")}
          checked={draft.forceUpload}
          onChange={(event) => onChange({ ...draft, forceUpload: event.target.checked })}
        />
      </div>
    </div>
  )
}
