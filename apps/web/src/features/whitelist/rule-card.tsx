"use client"

import type { AccessRule, PullMode } from "@entrepot/client"
import { Trash2 } from "lucide-react"
import { useFormatter, useTranslations } from "next-intl"
import { useState } from "react"
import { Problem } from "../../components/problem.tsx"
import { Button } from "../../components/ui/button.tsx"
import { Card, CardHeader, CardTitle } from "../../components/ui/card.tsx"
import { Skeleton } from "../../components/ui/skeleton.tsx"
import { NewRuleForm } from "./new-rule-form.tsx"
import { RemoveRuleDialog } from "./remove-rule-dialog.tsx"

interface RuleCardProps {
  readonly effect: AccessRule["effect"]
  /** Undefined until it is known. */
  readonly mode: PullMode | undefined
  readonly list: {
    readonly data: readonly AccessRule[] | undefined
    readonly error: unknown
    readonly isPending: boolean
    readonly refetch: () => unknown
  }
}

/** The rules of one kind: what anybody may pull, or what nobody may. */
export function RuleCard({ effect, mode, list }: RuleCardProps) {
  const say = useTranslations("whitelist")
  const format = useFormatter()
  const [removed, setRemoved] = useState<AccessRule>()
  const rules = list.data?.filter((rule) => rule.effect === effect)
  return (
    <Card aria-label={say(`rules.${effect}`)}>
      <CardHeader>
        <CardTitle>{say(`rules.${effect}`)}</CardTitle>
      </CardHeader>
      <p className="px-4 pt-1 pb-4 text-sm text-muted-foreground sm:px-6">
        {say(effect === "allow" && mode?.open ? "allowWhileOpen" : `ruleHints.${effect}`)}
      </p>
      {list.error !== null && (
        <div className="px-4 pb-4 sm:px-6">
          <Problem error={list.error} onRetry={() => void list.refetch()} />
        </div>
      )}
      <div className="border-t px-4 py-4 sm:px-6">
        <NewRuleForm effect={effect} closes={effect === "allow" && mode?.closesItself === true} />
      </div>
      {list.isPending && <Skeleton className="mx-4 mb-4 h-12 sm:mx-6" />}
      {rules?.length === 0 && (
        <p className="border-t px-4 py-4 text-sm text-muted-foreground sm:px-6">{say(`noRules.${effect}`)}</p>
      )}
      {rules !== undefined && rules.length > 0 && (
        <ul className="divide-y border-t" aria-label={say(`rules.${effect}`)}>
          {rules.map((rule) => (
            <li key={rule.id} className="flex items-center justify-between gap-4 px-4 py-2.5 sm:px-6">
              <div className="min-w-0 text-sm">
                <p className="font-mono break-all">{rule.prefix}</p>
                <p className="text-muted-foreground">
                  {say("since", { when: format.dateTime(rule.createdAt, { dateStyle: "medium" }) })}
                </p>
              </div>
              <Button
                variant="ghost"
                size="icon"
                className="text-danger"
                aria-label={say("remove", { prefix: rule.prefix })}
                title={say("remove", { prefix: rule.prefix })}
                onClick={() => setRemoved(rule)}
              >
                <Trash2 aria-hidden />
              </Button>
            </li>
          ))}
        </ul>
      )}
      <RemoveRuleDialog rule={removed} isOpen={mode?.open === true} onClose={() => setRemoved(undefined)} />
    </Card>
  )
}
