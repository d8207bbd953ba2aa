"use client"

import type { Target } from "@entrepot/client"
import { useMutation } from "@tanstack/react-query"
import { LockOpen, PlugZap, ShieldAlert, ShieldCheck, Users } from "lucide-react"
import { useTranslations } from "next-intl"
import { EditButtons } from "../../components/edit-buttons.tsx"
import { Problem } from "../../components/problem.tsx"
import { Badge } from "../../components/ui/badge.tsx"
import { Button } from "../../components/ui/button.tsx"
import { Card } from "../../components/ui/card.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { CheckAnswers } from "./check-answers.tsx"
import { addressOf, namedRules } from "./target-draft.ts"

interface TargetCardProps {
  readonly target: Target
  readonly canTest: boolean
  readonly canChange: boolean
  readonly onEdit: () => void
  readonly onRemove: () => void
}

/** A saved target, and what it answers when it is tested. */
export function TargetCard({ target, canTest, canChange, onEdit, onRemove }: TargetCardProps) {
  const say = useTranslations()
  const trpc = useTRPC()
  const check = useMutation(trpc.targets.check.mutationOptions())
  const rule = namedRules.find((name) => name === target.naming)
  return (
    <Card aria-label={target.name} className="flex flex-col">
      <div className="flex-1 space-y-3 p-4 sm:px-6 sm:py-5">
        <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
          <div className="min-w-0">
            <h2 className="font-semibold break-words">{target.name}</h2>
            <p className="font-mono text-sm break-all text-muted-foreground">{addressOf(target)}</p>
          </div>
          <div className="flex flex-wrap gap-1.5">
            {target.shared && (
              <Badge tone="primary">
                <Users aria-hidden />
                {say("targets.isShared")}
              </Badge>
            )}
            {target.plainHttp && (
              <Badge tone="warning">
                <LockOpen aria-hidden />
                {say("targets.isPlain")}
              </Badge>
            )}
            {!target.tlsVerify && (
              <Badge tone="warning">
                <ShieldAlert aria-hidden />
                {say("targets.isUnverified")}
              </Badge>
            )}
            {target.hasCa && (
              <Badge>
                <ShieldCheck aria-hidden />
                {say("targets.hasCa")}
              </Badge>
            )}
          </div>
        </div>
        <dl className="grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
          <dt className="text-muted-foreground">{say("targets.username")}</dt>
          <dd className="min-w-0 break-all">{target.username ?? say("targets.anonymous")}</dd>
          {target.username !== null && (
            <>
              <dt className="text-muted-foreground">{say("targets.password")}</dt>
              <dd>{say(target.hasPassword ? "targets.passwordKept" : "targets.passwordNotKept")}</dd>
            </>
          )}
          <dt className="text-muted-foreground">{say("targets.naming")}</dt>
          <dd className="min-w-0 break-words">
            {rule === undefined ? (
              <span className="font-mono text-xs break-all">{target.naming}</span>
            ) : (
              say(`targets.rules.${rule}`)
            )}
          </dd>
        </dl>
        {check.data && <CheckAnswers check={check.data} />}
        {check.error && <Problem error={check.error} />}
      </div>
      {canTest && (
        <div className="flex flex-wrap gap-2 border-t px-4 py-3 sm:px-6">
          <Button
            variant="outline"
            size="small"
            disabled={check.isPending}
            aria-busy={check.isPending}
            onClick={() => check.mutate({ targetId: target.id })}
          >
            <PlugZap aria-hidden />
            {say(check.isPending ? "targets.testing" : "targets.test")}
          </Button>
          {canChange && <EditButtons onEdit={onEdit} onRemove={onRemove} />}
        </div>
      )}
    </Card>
  )
}
