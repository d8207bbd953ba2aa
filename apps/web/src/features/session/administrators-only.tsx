"use client"

import { ShieldAlert } from "lucide-react"
import { useTranslations } from "next-intl"
import type { ReactNode } from "react"
import { Card } from "../../components/ui/card.tsx"
import { EmptyState } from "../../components/ui/empty-state.tsx"
import { PageHeader } from "../../components/ui/page-header.tsx"
import { useMe } from "./use-me.ts"

interface AdministratorsOnlyProps {
  /** Of the page that is withheld. */
  readonly title: string
  readonly children: ReactNode
}

/** A page for administrators. Everybody else is told so, and nothing of it is asked for. */
export function AdministratorsOnly({ title, children }: AdministratorsOnlyProps) {
  const say = useTranslations("session")
  const { me } = useMe()
  if (me === undefined || me.role === "admin") return children
  return (
    <>
      <PageHeader title={title} />
      <Card>
        <EmptyState icon={<ShieldAlert aria-hidden />} title={say("adminsOnly")}>
          {say("adminsOnlyHint", { name: me.name })}
        </EmptyState>
      </Card>
    </>
  )
}
