"use client"

import { CircleCheck, CircleHelp, CircleX, LockOpen } from "lucide-react"
import { useLocale, useTranslations } from "next-intl"
import { classNames } from "../../components/class-names.ts"
import { answersOf, type Check, describeAnswer, isForPush, isReady } from "./describe-answer.ts"

const icons = {
  yes: <CircleCheck aria-hidden className="text-success" />,
  no: <CircleX aria-hidden className="text-danger" />,
  unknown: <CircleHelp aria-hidden className="text-muted-foreground" />,
  plain: <LockOpen aria-hidden className="text-warning" />,
}

/** What a registry answered: one line a question, with what to do where it said no. */
export function CheckAnswers({ check, className }: { readonly check: Check; readonly className?: string | undefined }) {
  const say = useTranslations("targets.check")
  const locale = useLocale()
  const isTarget = isForPush(check)
  const [ready, notReady] = isTarget ? (["ready", "notReady"] as const) : (["readable", "notReadable"] as const)
  return (
    <div role="status" className={classNames("rounded-md border bg-background text-sm", className)}>
      <p className="sr-only">{say(isReady(check) ? ready : notReady)}</p>
      <ul className="divide-y">
        {answersOf(check).map(([question, answer]) => {
          const no =
            answer.answer === "no" ? describeAnswer(question, answer, locale, say("certificateHint"), isTarget) : undefined
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
