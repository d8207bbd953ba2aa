"use client"

import { useTranslations } from "next-intl"
import { Button } from "../../components/ui/button.tsx"
import type { NameProblem } from "./name-problem.ts"

interface NameNoteProps {
  readonly problem: NameProblem
  /** Takes what was probably meant. */
  readonly onSuggestion: (suggestion: string) => void
}

/** What is wrong with a name, and the way out. Stands inside a paragraph. */
export function NameNote({ problem, onSuggestion }: NameNoteProps) {
  const say = useTranslations("mirror")
  const { sentence, hint, suggestion } = problem
  return (
    <span role="alert" className="block break-words">
      {sentence}
      {hint && <span className="block text-muted-foreground">{hint}</span>}
      {suggestion && (
        <span className="block text-foreground">
          {say.rich("didYouMean", {
            name: () => (
              <Button
                variant="link"
                className="inline font-mono break-all whitespace-normal"
                onClick={() => onSuggestion(suggestion)}
              >
                {suggestion}
              </Button>
            ),
          })}
        </span>
      )}
    </span>
  )
}
