"use client"

import type { ApiKey } from "@entrepot/client"
import { Trash2 } from "lucide-react"
import { useFormatter, useTranslations } from "next-intl"
import { Badge } from "../../../components/ui/badge.tsx"
import { Button } from "../../../components/ui/button.tsx"
import { hasExpired } from "./key-view.ts"

/** A key: what it may do, when it was used last, and until when it holds. */
export function KeyRow({ apiKey, onRemove }: { readonly apiKey: ApiKey; readonly onRemove: () => void }) {
  const say = useTranslations()
  const format = useFormatter()
  const day = (at: number) => format.dateTime(at, { dateStyle: "medium" })
  const { name, id, scopes, createdAt, lastUsedAt, expiresAt } = apiKey
  return (
    <li className="flex items-start justify-between gap-4 px-4 py-3 sm:px-6">
      <div className="min-w-0 space-y-1.5">
        <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="font-medium break-all">{name}</span>
          <span className="font-mono text-xs text-muted-foreground">ept_{id}_…</span>
          {hasExpired(apiKey, Date.now()) && <Badge tone="danger">{say("settings.keys.expired")}</Badge>}
        </p>
        <p className="flex flex-wrap gap-1.5">
          {scopes.map((scope) => (
            <Badge key={scope} tone={scope === "admin" ? "warning" : "neutral"} className="font-mono">
              {scope}
            </Badge>
          ))}
        </p>
        <p className="flex flex-wrap gap-x-4 text-sm text-muted-foreground">
          <span>{say("settings.keys.created", { when: day(createdAt) })}</span>
          <span>
            {lastUsedAt === null ? say("settings.keys.neverUsed") : say("settings.keys.lastUsed", { when: day(lastUsedAt) })}
          </span>
          <span>{expiresAt === null ? say("settings.keys.noEnd") : say("settings.keys.until", { when: day(expiresAt) })}</span>
        </p>
      </div>
      <Button
        variant="ghost"
        size="icon"
        className="text-danger"
        aria-label={say("settings.keys.remove", { name })}
        title={say("settings.keys.remove", { name })}
        onClick={onRemove}
      >
        <Trash2 aria-hidden />
      </Button>
    </li>
  )
}
