"use client"

import type { Schedule } from "@entrepot/client"
import { useQuery } from "@tanstack/react-query"
import { CalendarClock, Plus } from "lucide-react"
import { useTranslations } from "next-intl"
import { useState } from "react"
import { Problem } from "../../components/problem.tsx"
import { Button } from "../../components/ui/button.tsx"
import { Card } from "../../components/ui/card.tsx"
import { Dialog } from "../../components/ui/dialog.tsx"
import { EmptyState } from "../../components/ui/empty-state.tsx"
import { PageHeader } from "../../components/ui/page-header.tsx"
import { Skeleton } from "../../components/ui/skeleton.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { useMe } from "../session/use-me.ts"
import { RemoveScheduleDialog } from "./remove-schedule-dialog.tsx"
import { ScheduleForm } from "./schedule-form.tsx"
import { ScheduleRow } from "./schedule-row.tsx"

/** What is mirrored again and again. */
export function SchedulesPage() {
  const say = useTranslations()
  const trpc = useTRPC()
  const { me } = useMe()
  const list = useQuery(trpc.schedules.list.queryOptions(undefined, { refetchInterval: 30_000 }))
  const { data: known } = useQuery(trpc.targets.list.queryOptions())
  const targets = known?.targets ?? []
  const [edited, setEdited] = useState<Schedule | "new">()
  const [removed, setRemoved] = useState<Schedule>()
  const mayAct = me !== undefined && me.role !== "viewer"
  const schedule = edited === "new" ? undefined : edited

  const add = (
    <Button onClick={() => setEdited("new")}>
      <Plus aria-hidden />
      {say("schedules.add")}
    </Button>
  )

  return (
    <>
      <PageHeader title={say("shell.schedules")} description={say("schedules.description")}>
        {mayAct && list.data !== undefined && list.data.length > 0 && add}
      </PageHeader>
      {list.error && <Problem error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && (
        <>
          <Skeleton className="h-56" />
          <Skeleton className="h-56" />
        </>
      )}
      {list.data?.length === 0 && (
        <Card>
          <EmptyState icon={<CalendarClock aria-hidden />} title={say("schedules.none")}>
            <p>{say("schedules.noneHint")}</p>
            {mayAct && add}
          </EmptyState>
        </Card>
      )}
      {list.data?.map((each) => (
        <ScheduleRow
          key={each.id}
          schedule={each}
          target={targets.find(({ id }) => id === each.targetId)}
          canChange={mayAct}
          onEdit={() => setEdited(each)}
          onRemove={() => setRemoved(each)}
        />
      ))}
      <Dialog
        open={edited !== undefined}
        onClose={() => setEdited(undefined)}
        title={schedule === undefined ? say("schedules.add") : say("schedules.editTitle", { name: schedule.name })}
        isForm
        className="max-w-xl"
      >
        <ScheduleForm
          schedule={schedule}
          targets={targets}
          defaultTarget={known?.defaultTarget ?? null}
          onDone={() => setEdited(undefined)}
        />
      </Dialog>
      <RemoveScheduleDialog schedule={removed} onClose={() => setRemoved(undefined)} />
    </>
  )
}
