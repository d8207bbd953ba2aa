"use client"

import type { TargetCheck } from "@entrepot/client"
import { CircleCheck, CircleHelp, CircleX, LockOpen } from "lucide-react"
import { useLocale, useTranslations } from "next-intl"
import { classNames } from "../../components/class-names.ts"
import { describeAnswer, isReady, questions } from "./describe-answer.ts"

const icons = {
  yes: <CircleCheck aria-hidden className="text-success" />,
  no: <CircleX aria-hidden className="text-danger" />,
  unknown: <CircleHelp aria-hidden className="text-muted-foreground" />,
  plain: <LockOpen aria-hidden className="text-warning" />,
}

/** What a target answered: one line a question, with what to do where it said no. */
export function CheckAnswers({ check, className }: { readonly check: TargetCheck; readonly className?: string | undefined }) {
  const say = useTranslations("targets.check")
  const locale = useLocale()
  return (
    <div role="status" className={classNames("rounded-md border bg-background text-sm", className)}>
      <p className="sr-only">{say(isReady(check) ? "ready" : "notReady")}</p>
      <ul className="divide-y">
        {questions.map((question) => {
          const answer = check[question]
          const no = answer.answer === "no" ? describeAnswer(question, answer, locale, say("certificateHint")) : undefined
          return (
            <li key={question} className="flex items-start gap-2.5 px-3 py-2 [&_svg]:mt-0.5 [&_svg]:size-4 [&_svg]:shrink-0">
              {icons[answer.answer]}
              <div className="min-w-0 flex-1">
                <p className="flex flex-wrap justify-between gap-x-4">
                  <span className="font-medium">{say(question)}</span>
                  <span className={answer.answer === "no" ? "text-danger" : "text-muted-foreground"}>{say(answer.answer)}</span>
                </p>
                {no && <p className="break-words">{no.sentence}</p>}
                {no?.hint && <p className="break-words text-muted-foreground">{no.hint}</p>}
              </div>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
