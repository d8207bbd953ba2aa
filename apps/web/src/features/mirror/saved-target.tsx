"use client"

import type { Target } from "@entrepot/client"
import { useTranslations } from "next-intl"

/** What is known of a saved target, without leaving the page. */
export function SavedTarget({ target }: { readonly target: Target }) {
  const say = useTranslations("mirror")
  const { naming, username, hasPassword, plainHttp, tlsVerify } = target
  const rows: readonly (readonly [label: string, value: string])[] = [
    [say("username"), username ?? say("anonymous")],
    [say("naming"), naming],
  ]
  const notes = [
    ...(username !== null && !hasPassword ? [say("noPassword")] : []),
    ...(plainHttp ? [say("usesPlainHttp")] : []),
    ...(tlsVerify ? [] : [say("skipsTls")]),
  ]
  return (
    <div className="grid gap-3 text-sm">
      <dl className="grid gap-2 sm:grid-cols-2">
        {rows.map(([label, value]) => (
          <div key={label} className="min-w-0 rounded-md bg-muted px-2.5 py-1">
            <dt className="text-xs text-muted-foreground">{label}</dt>
            <dd className="truncate font-mono" title={value}>
              {value}
            </dd>
          </div>
        ))}
      </dl>
      {notes.map((note) => (
        <p key={note} className="text-warning">
          {note}
        </p>
      ))}
    </div>
  )
}
