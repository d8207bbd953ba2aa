"use client"

import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { Field } from "../../components/ui/field.tsx"
import { asTyped, Input } from "../../components/ui/input.tsx"
import { isAtRegistry, useOwnRegistry } from "../../connection/use-own-registry.ts"
import { problemIn, type ReadDraft } from "./draft-problems.ts"
import type { MirrorDraft } from "./mirror-draft.ts"
import { NameNote } from "./name-note.tsx"
import { useLateProblem } from "./use-late-problem.ts"

interface AddressFieldProps {
  readonly draft: MirrorDraft
  readonly read: ReadDraft
  /** Where the image goes without an address; null: nowhere. */
  readonly defaultTarget: string | null
  readonly onChange: (draft: MirrorDraft) => void
  readonly wasSent: boolean
  /** It kept a request from being made. */
  readonly isBlocked: boolean
}

/** A registry's address and the project in it, as it is typed. */
export function AddressField({ draft, read, defaultTarget, onChange, wasSent, isBlocked }: AddressFieldProps) {
  const say = useTranslations("mirror")
  const missing = isBlocked ? { sentence: say("addressForLogin") } : undefined
  const { problem, leave } = useLateProblem(draft.address, problemIn(read.place) ?? missing, wasSent || isBlocked)
  const own = useOwnRegistry()
  const take = (address: string) => onChange({ ...draft, address })
  const note = (inner: ReactNode) => <span className="block min-h-10">{inner}</span>
  return (
    <Field
      label={say("address")}
      hint={note(
        defaultTarget === null
          ? say("addressHint")
          : say(isAtRegistry(defaultTarget, own) ? "addressHintOwn" : "addressHintDefault", { address: defaultTarget }),
      )}
      problem={problem && note(<NameNote problem={problem} onSuggestion={take} />)}
    >
      {(control) => (
        <Input
          {...control}
          name="address"
          mono
          value={draft.address}
          onChange={(event) => take(event.target.value)}
          onBlur={leave}
          placeholder={defaultTarget ?? "harbor.example.com/proxy"}
          {...asTyped}
          maxLength={1024}
          inputMode="url"
        />
      )}
    </Field>
  )
}
