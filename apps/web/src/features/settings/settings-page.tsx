"use client"

import Link from "next/link"
import { useTranslations } from "next-intl"
import { useEffect, useRef } from "react"
import { classNames } from "../../components/class-names.ts"
import { Alert } from "../../components/ui/alert.tsx"
import { PageHeader } from "../../components/ui/page-header.tsx"
import { useMe } from "../session/use-me.ts"
import { AuditSection } from "./audit/audit-section.tsx"
import { GeneralSection } from "./general/general-section.tsx"
import { KeysSection } from "./keys/keys-section.tsx"
import { type SettingsSection, settingsPath, settingsSections } from "./settings-sections.ts"
import { TransfersSection } from "./transfers/transfers-section.tsx"
import { UsersSection } from "./users/users-section.tsx"
import { WebhooksSection } from "./webhooks/webhooks-section.tsx"

const content = {
  general: <GeneralSection />,
  keys: <KeysSection />,
  transfers: <TransfersSection />,
  users: <UsersSection />,
  webhooks: <WebhooksSection />,
  audit: <AuditSection />,
}

/** The token, keys, users, and how much is done at once. */
export function SettingsPage({ section = "general" }: { readonly section?: SettingsSection }) {
  const say = useTranslations()
  const { me } = useMe()
  const isAdmin = me?.role === "admin"
  const shown = settingsSections.filter(({ isForAdmins }) => isAdmin || !isForAdmins)
  const here = useRef<HTMLAnchorElement>(null)

  useEffect(() => {
    if (isAdmin) here.current?.scrollIntoView({ block: "nearest", inline: "nearest" })
  }, [isAdmin])

  const isAllowed = shown.some(({ name }) => name === section)
  return (
    <>
      <PageHeader title={say("shell.settings")} />
      <nav aria-label={say("settings.sections")} className="overflow-x-auto border-b">
        <ul className="flex gap-1">
          {shown.map(({ name }) => (
            <li key={name}>
              <Link
                ref={name === section ? here : undefined}
                href={settingsPath(name)}
                aria-current={name === section ? "page" : undefined}
                className={classNames(
                  "flex h-10 items-center border-b-2 px-2.5 sm:px-3 text-sm whitespace-nowrap hover:bg-muted",
                  name === section ? "border-primary font-medium text-primary" : "border-transparent text-muted-foreground",
                )}
              >
                {say(`settings.${name}.title`)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      {isAllowed ? content[section] : me && <Alert tone="warning">{say("settings.adminsOnly")}</Alert>}
    </>
  )
}
