"use client"

import type { Upstream } from "@entrepot/client"
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { ChevronDown, ChevronUp, GripVertical, PlugZap } from "lucide-react"
import { useTranslations } from "next-intl"
import type { KeyboardEvent, PointerEvent, ReactNode } from "react"
import { classNames } from "../../components/class-names.ts"
import { EditButtons } from "../../components/edit-buttons.tsx"
import { Problem } from "../../components/problem.tsx"
import { Button } from "../../components/ui/button.tsx"
import { Switch } from "../../components/ui/switch.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { CheckAnswers } from "../targets/check-answers.tsx"
import { UpstreamFacts } from "./upstream-facts.tsx"
import { UpstreamHealth } from "./upstream-health.tsx"

interface UpstreamRowProps {
  readonly upstream: Upstream
  /** Counted from 1. */
  readonly place: number
  readonly count: number
  readonly isDragged: boolean
  /** Where the dragged one would fall. */
  readonly mark: "above" | "below" | undefined
  readonly canMoveUp: boolean
  readonly canMoveDown: boolean
  readonly onMoveUp: () => void
  readonly onMoveDown: () => void
  readonly onGrab: (event: PointerEvent<HTMLElement>) => void
  readonly onEdit: () => void
  readonly onRemove: () => void
}

/** One upstream: its place, what it is, how it stands, and what can be done with it. */
export function UpstreamRow({ upstream, place, count, isDragged, mark, ...props }: UpstreamRowProps) {
  const say = useTranslations("upstreams")
  const trpc = useTRPC()
  const queries = useQueryClient()
  const check = useMutation(trpc.upstreams.check.mutationOptions())
  const enable = useMutation(
    trpc.upstreams.update.mutationOptions({
      onSettled: () => queries.invalidateQueries({ queryKey: trpc.upstreams.list.queryKey() }),
    }),
  )
  const { id, name, enabled, configured, pinned } = upstream
  const canMove = !pinned && (props.canMoveUp || props.canMoveDown)

  function moveByKey(event: KeyboardEvent): void {
    if (event.key !== "ArrowUp" && event.key !== "ArrowDown") return
    event.preventDefault()
    if (event.key === "ArrowUp" && props.canMoveUp) props.onMoveUp()
    if (event.key === "ArrowDown" && props.canMoveDown) props.onMoveDown()
  }

  return (
    <li
      aria-label={name}
      className={classNames(
        "relative flex gap-2 py-4 pr-4 sm:gap-3 sm:pr-6",
        count > 1 ? "pl-2 sm:pl-3" : "pl-4 sm:pl-6",
        isDragged && "bg-muted opacity-70",
      )}
    >
      {mark && (
        <span
          aria-hidden
          className={classNames("absolute inset-x-0 h-0.5 bg-primary", mark === "above" ? "-top-px" : "-bottom-px")}
        />
      )}
      {count > 1 && (
        <div className="flex w-9 shrink-0 flex-col items-center gap-1">
          {canMove && (
            <>
              <button
                type="button"
                aria-label={say("drag", { name })}
                title={say("dragHint")}
                className="grid size-8 cursor-grab touch-none place-items-center rounded-md text-muted-foreground hover:bg-muted active:cursor-grabbing"
                onPointerDown={props.onGrab}
                onKeyDown={moveByKey}
              >
                <GripVertical aria-hidden className="size-4" />
              </button>
              <MoveButton label={say("moveUp", { name })} can={props.canMoveUp} onMove={props.onMoveUp}>
                <ChevronUp aria-hidden />
              </MoveButton>
              <MoveButton label={say("moveDown", { name })} can={props.canMoveDown} onMove={props.onMoveDown}>
                <ChevronDown aria-hidden />
              </MoveButton>
            </>
          )}
        </div>
      )}
      <div className="min-w-0 flex-1 space-y-3">
        <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
          <div className="min-w-0 flex-1 basis-36">
            <h3 className="flex flex-wrap items-baseline gap-x-2 font-semibold">
              <span className="break-words">{name}</span>
              {count > 1 && <span className="text-xs font-normal text-muted-foreground">{say("place", { place, count })}</span>}
            </h3>
            <p className="font-mono text-sm break-all text-muted-foreground">{addressOf(upstream)}</p>
          </div>
          {!configured && (
            <Switch
              checked={enabled}
              disabled={enable.isPending}
              label={say("enabled", { name })}
              onChange={(checked) => enable.mutate({ id, changes: { enabled: checked } })}
            />
          )}
        </div>
        <UpstreamHealth upstream={upstream} />
        <UpstreamFacts upstream={upstream} />
        {pinned && <p className="text-sm text-muted-foreground">{say(configured ? "configured" : "pinned")}</p>}
        {check.data && <CheckAnswers check={check.data} />}
        {(check.error ?? enable.error) && <Problem error={check.error ?? enable.error} />}
        <div className="flex flex-wrap gap-2">
          <Button
            variant="outline"
            size="small"
            disabled={check.isPending}
            aria-busy={check.isPending}
            onClick={() => check.mutate({ id })}
          >
            <PlugZap aria-hidden />
            {say(check.isPending ? "testing" : "test")}
          </Button>
          {!configured && <EditButtons onEdit={props.onEdit} onRemove={props.onRemove} />}
        </div>
      </div>
    </li>
  )
}

interface MoveButtonProps {
  readonly label: string
  readonly can: boolean
  readonly onMove: () => void
  readonly children: ReactNode
}

/** Keeps the focus at either end, where it can do nothing more. */
function MoveButton({ label, can, onMove, children }: MoveButtonProps) {
  return (
    <Button
      variant="ghost"
      size="icon"
      className="size-8 text-muted-foreground aria-disabled:opacity-40"
      aria-label={label}
      aria-disabled={!can}
      title={label}
      onClick={() => can && onMove()}
    >
      {children}
    </Button>
  )
}

/** `https://harbor.example.com/dockerhub-cache`: where its repositories begin. */
function addressOf({ url, pathPrefix }: Upstream): string {
  return pathPrefix === "" ? url : `${url}/${pathPrefix}`
}
