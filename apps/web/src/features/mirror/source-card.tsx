"use client"

import { Package } from "lucide-react"
import { useTranslations } from "next-intl"
import type { ReactNode, Ref } from "react"
import { Button } from "../../components/ui/button.tsx"
import { Card, CardContent, CardHeader, CardTitle } from "../../components/ui/card.tsx"
import { Checkbox } from "../../components/ui/checkbox.tsx"
import { Disclosure } from "../../components/ui/disclosure.tsx"
import { Field } from "../../components/ui/field.tsx"
import { asTyped, Input } from "../../components/ui/input.tsx"
import { chosenForSource } from "./chosen-options.ts"
import { problemIn, type ReadDraft, valueIn } from "./draft-problems.ts"
import { FoldedTitle } from "./folded-title.tsx"
import { imageParts } from "./image-parts.ts"
import { ImagePartsList } from "./image-parts-list.tsx"
import { LoginFields } from "./login-fields.tsx"
import { type MirrorDraft, withImage } from "./mirror-draft.ts"
import { NameNote } from "./name-note.tsx"
import { useLateProblem } from "./use-late-problem.ts"

interface SourceCardProps {
  readonly draft: MirrorDraft
  readonly read: ReadDraft
  readonly onChange: (draft: MirrorDraft) => void
  readonly wasSent: boolean
  readonly passwordRef: Ref<HTMLInputElement>
  readonly onPassword: () => void
  readonly passwordProblem: string | undefined
  readonly onInspect: () => void
  readonly isInspecting: boolean
  /** What the source said. */
  readonly children: ReactNode
}

/** Which image, where it is, and who may read it. */
export function SourceCard(props: SourceCardProps) {
  const { draft, read, onChange, wasSent, passwordRef, onPassword, passwordProblem, onInspect, isInspecting, children } = props
  const say = useTranslations("mirror")
  const reference = valueIn(read.image)
  const missing = wasSent && draft.image.trim() === "" ? { sentence: say("imageMissing") } : undefined
  const { problem, leave } = useLateProblem(draft.image, problemIn(read.image) ?? missing, wasSent)
  const take = (image: string) => onChange(withImage(draft, image))
  // Of one height, whatever stands in it, so that nothing below moves while a name is typed.
  const note = (inner: ReactNode) => <span className="block min-h-26 pt-1">{inner}</span>

  return (
    <Card>
      <CardHeader>
        <CardTitle>
          <Package aria-hidden />
          {say("source")}
        </CardTitle>
      </CardHeader>
      <CardContent className="grid grid-cols-1 gap-4">
        <Field
          label={say("image")}
          hint={note(reference === undefined ? say("imageHint") : <ImagePartsList parts={imageParts(reference)} />)}
          problem={problem && note(<NameNote problem={problem} onSuggestion={take} />)}
        >
          {(control) => (
            <div className="flex gap-2">
              <Input
                {...control}
                name="image"
                mono
                value={draft.image}
                onChange={(event) => take(event.target.value)}
                onBlur={leave}
                placeholder="nginx:latest"
                {...asTyped}
                maxLength={4096}
                enterKeyHint="go"
              />
              <Button
                variant="outline"
                onClick={onInspect}
                disabled={reference === undefined || isInspecting}
                aria-busy={isInspecting}
                title={say("inspectHint")}
              >
                {say("inspect")}
              </Button>
            </div>
          )}
        </Field>
        {children}
        <Disclosure summary={<FoldedTitle title={say("sourceAccess")} chosen={chosenForSource(draft)} />}>
          <LoginFields
            username={draft.sourceUsername}
            onUsername={(sourceUsername) => onChange({ ...draft, sourceUsername })}
            passwordRef={passwordRef}
            onPassword={onPassword}
            passwordName="sourcePassword"
            problem={passwordProblem}
          />
          <Checkbox
            label={say("plainHttp")}
            hint={say("plainHttpHint")}
            checked={draft.sourcePlainHttp}
            onChange={(event) => onChange({ ...draft, sourcePlainHttp: event.target.checked })}
          />
        </Disclosure>
      </CardContent>
    </Card>
  )
}
