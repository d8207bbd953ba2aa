"use client"

import type { Schedule, Target } from "@entrepot/client"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { Play, TriangleAlert } from "lucide-react"
import { useRouter } from "next/navigation"
import { useFormatter, useNow, useTranslations } from "next-intl"
import { EditButtons } from "../../components/edit-buttons.tsx"
import { Problem } from "../../components/problem.tsx"
import { Button } from "../../components/ui/button.tsx"
import { Card } from "../../components/ui/card.tsx"
import { Switch } from "../../components/ui/switch.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { shortName } from "./image-hint.ts"
import { canLogInAlone } from "./target-choice.ts"
import { useRhythmWords } from "./use-rhythm-words.ts"

interface ScheduleRowProps {
  readonly schedule: Schedule
  /** Undefined where it is not known, or the default one. */
  readonly target: Target | undefined
  readonly canChange: boolean
  readonly onEdit: () => void
  readonly onRemove: () => void
}

/** What is mirrored, where to, when it was and when it will be. */
export function ScheduleRow({ schedule, target, canChange, onEdit, onRemove }: ScheduleRowProps) {
  const say = useTranslations()
  const format = useFormatter()
  const now = useNow({ updateInterval: 30_000 })
  const rhythmWords = useRhythmWords()
  const router = useRouter()
  const trpc = useTRPC()
  const queries = useQueryClient()
  const run = useMutation(trpc.schedules.runNow.mutationOptions({ onSuccess: ({ id }) => router.push(`/jobs/${id}`) }))
  const enable = useMutation(
    trpc.schedules.update.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.schedules.pathKey() }),
    }),
  )
  const { name, cron, timeZone, request, targetId, lastAt, nextAt } = schedule
  const enabled = enable.isPending ? enable.variables.changes.enabled === true : schedule.enabled
  const words = rhythmWords(cron)
  const moment = (at: number) =>
    say("schedules.moment", {
      at: format.dateTime(at, { dateStyle: "medium", timeStyle: "short", hourCycle: "h23" }),
      distance: format.relativeTime(at, now),
    })
  const targetName =
    targetId === null ? say("schedules.defaultTarget") : (target?.name ?? say("schedules.unknownTarget", { id: targetId }))

  return (
    <Card aria-label={name}>
      <div className="space-y-3 p-4 sm:px-6 sm:py-5">
        <div>
          <div className="flex items-start justify-between gap-4">
            <h2 className="min-w-0 font-semibold break-words">{name}</h2>
            <div className="flex shrink-0 items-center gap-2 text-sm">
              <span aria-hidden className={enabled ? "text-success" : "text-muted-foreground"}>
                {say(enabled ? "schedules.on" : "schedules.off")}
              </span>
              <Switch
                label={say("schedules.enabled", { name })}
                checked={enabled}
                disabled={!canChange || enable.isPending}
                onChange={(wanted) => enable.mutate({ id: schedule.id, changes: { enabled: wanted } })}
              />
            </div>
          </div>
          <p className="text-sm break-words text-muted-foreground">
            <span className="font-mono break-all">{shortName(request.image)}</span> → {targetName}
          </p>
        </div>
        {target !== undefined && !canLogInAlone(target) && (
          <p className="flex gap-2 text-sm text-warning">
            <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
            {say("schedules.lacksPassword")}
          </p>
        )}
        <dl className="grid gap-x-6 gap-y-2 text-sm sm:grid-cols-3">
          <div className="min-w-0">
            <dt className="text-muted-foreground">{say("schedules.when")}</dt>
            <dd className="break-words">
              {words ?? <span className="font-mono">{cron}</span>}
              <span className="block text-xs text-muted-foreground">{timeZone}</span>
            </dd>
          </div>
          <div>
            <dt className="text-muted-foreground">{say("schedules.next")}</dt>
            <dd>{nextAt === null ? "—" : moment(nextAt)}</dd>
          </div>
          <div>
            <dt className="text-muted-foreground">{say("schedules.last")}</dt>
            <dd>{lastAt === null ? say("common.never") : moment(lastAt)}</dd>
          </div>
          {request.platforms !== undefined && request.platforms.length > 0 && (
            <div className="min-w-0 sm:col-span-3">
              <dt className="text-muted-foreground">{say("schedules.platforms")}</dt>
              <dd className="font-mono text-xs break-words">{request.platforms.join(", ")}</dd>
            </div>
          )}
        </dl>
        {run.error && <Problem error={run.error} />}
        {enable.error && <Problem error={enable.error} />}
      </div>
      {canChange && (
        <div className="flex flex-wrap gap-2 border-t px-4 py-3 sm:px-6">
          <Button
            variant="outline"
            size="small"
            disabled={run.isPending || run.isSuccess}
            aria-busy={run.isPending}
            onClick={() => run.mutate({ id: schedule.id })}
          >
            <Play aria-hidden />
            {say("schedules.runNow")}
          </Button>
          <EditButtons onEdit={onEdit} onRemove={onRemove} />
        </div>
      )}
    </Card>
  )
}
