"use client"

import type { User } from "@entrepot/client"
import { Pencil, Trash2 } from "lucide-react"
import { useFormatter, useTranslations } from "next-intl"
import { Badge } from "../../../components/ui/badge.tsx"
import { Button } from "../../../components/ui/button.tsx"

/** Whom the token logs in: may be disabled, and never removed. */
const firstUser = "admin"

interface UserRowProps {
  readonly user: User
  readonly isMe: boolean
  readonly onEdit: () => void
  readonly onRemove: () => void
}

/** A user with the role; nobody changes what they are themselves. */
export function UserRow({ user, isMe, onEdit, onRemove }: UserRowProps) {
  const say = useTranslations()
  const format = useFormatter()
  return (
    <li className="flex items-center justify-between gap-4 px-4 py-3 sm:px-6">
      <div className="min-w-0 space-y-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-medium break-all">{user.name}</span>
          <Badge tone={user.role === "admin" ? "primary" : "neutral"}>{say(`shell.role.${user.role}`)}</Badge>
          {user.disabled && <Badge tone="danger">{say("settings.users.disabled")}</Badge>}
          {isMe && <Badge>{say("settings.users.you")}</Badge>}
        </p>
        <p className="flex flex-wrap gap-x-4 text-sm text-muted-foreground">
          <span>{say("settings.users.since", { when: format.dateTime(user.createdAt, { dateStyle: "medium" }) })}</span>
          {!user.hasPassword && (
            <span>{say(user.name === firstUser ? "settings.users.byToken" : "settings.users.noPassword")}</span>
          )}
        </p>
      </div>
      {!isMe && (
        <div className="flex shrink-0">
          <Button
            variant="ghost"
            size="icon"
            aria-label={say("settings.users.editTitle", { name: user.name })}
            title={say("common.edit")}
            onClick={onEdit}
          >
            <Pencil aria-hidden />
          </Button>
          {user.name !== firstUser && (
            <Button
              variant="ghost"
              size="icon"
              className="text-danger"
              aria-label={say("settings.users.remove", { name: user.name })}
              title={say("common.remove")}
              onClick={onRemove}
            >
              <Trash2 aria-hidden />
            </Button>
          )}
        </div>
      )}
    </li>
  )
}
