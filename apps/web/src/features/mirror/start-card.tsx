"use client"

import { Rocket, Tag } from "lucide-react"
import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { Button } from "../../components/ui/button.tsx"
import { Card, CardContent, CardHeader, CardTitle } from "../../components/ui/card.tsx"
import { Disclosure } from "../../components/ui/disclosure.tsx"
import { Field } from "../../components/ui/field.tsx"
import { asTyped, Input } from "../../components/ui/input.tsx"
import { chosenForCopy } from "./chosen-options.ts"
import { problemIn, type ReadDraft, valueIn } from "./draft-problems.ts"
import { FoldedTitle } from "./folded-title.tsx"
import type { MirrorDraft } from "./mirror-draft.ts"
import { NameNote } from "./name-note.tsx"
import { OptionFields } from "./option-fields.tsx"
import { useLateProblem } from "./use-late-problem.ts"

interface StartCardProps {
  readonly draft: MirrorDraft
  readonly read: ReadDraft
  readonly onChange: (draft: MirrorDraft) => void
  readonly wasSent: boolean
  readonly isStarting: boolean
  /** Why it could not be started. */
  readonly children: ReactNode
}

/** What the image is called at the target, how it is copied, and off it goes. */
export function StartCard({ draft, read, onChange, wasSent, isStarting, children }: StartCardProps) {
  const say = useTranslations("mirror")
  const proposal = valueIn(read.proposal)
  const isEdited = draft.targetImage !== undefined
  const text = draft.targetImage ?? proposal ?? ""
  const { problem, leave } = useLateProblem(text, problemIn(read.edited ?? read.proposal), wasSent)
  const take = (targetImage: string | undefined) => onChange({ ...draft, targetImage })
  const goesNowhere = read.proposal === undefined && valueIn(read.image) !== undefined && "value" in read.place
  const note = (inner: ReactNode) => (
    <span className="block min-h-15 sm:min-h-10">
      {inner}{" "}
      {isEdited && (
        <Button variant="link" className="inline" onClick={() => take(undefined)}>
          {say("useProposal")}
        </Button>
      )}
    </span>
  )
  return (
    <Card>
      <CardHeader>
        <CardTitle>
          <Tag aria-hidden />
          {say("targetImage")}
        </CardTitle>
      </CardHeader>
      <CardContent className="grid grid-cols-1 gap-4">
        <Field
          label={say("targetImageName")}
          hint={note(say(isEdited ? "isEdited" : goesNowhere ? "namedNowhere" : "isProposed"))}
          problem={problem && note(<NameNote problem={problem} onSuggestion={take} />)}
        >
          {(control) => (
            <Input
              {...control}
              name="targetImage"
              mono
              value={text}
              onChange={(event) => take(event.target.value)}
              onBlur={leave}
              placeholder={proposal ?? "harbor.example.com/proxy/nginx:latest"}
              {...asTyped}
              maxLength={1024}
            />
          )}
        </Field>
        <Disclosure summary={<FoldedTitle title={say("options")} chosen={chosenForCopy(draft)} />}>
          <OptionFields draft={draft} onChange={onChange} />
        </Disclosure>
        {children}
        <Button
          type="submit"
          size="large"
          className="w-full sm:w-auto sm:justify-self-center sm:px-12"
          disabled={isStarting}
          aria-busy={isStarting}
        >
          <Rocket aria-hidden />
          {say("start")}
        </Button>
      </CardContent>
    </Card>
  )
}
