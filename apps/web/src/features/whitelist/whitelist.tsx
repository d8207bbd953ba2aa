"use client"

import { useQuery } from "@tanstack/react-query"
import { useTranslations } from "next-intl"
import { PageHeader } from "../../components/ui/page-header.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { ModeCard } from "./mode-card.tsx"
import { PullTester } from "./pull-tester.tsx"
import { RuleCard } from "./rule-card.tsx"

/** The mode, both kinds of rules, and what they do to an image. */
export function Whitelist() {
  const say = useTranslations("whitelist")
  const trpc = useTRPC()
  const mode = useQuery(trpc.accessRules.mode.queryOptions())
  const rules = useQuery(trpc.accessRules.list.queryOptions({}))
  return (
    <>
      <PageHeader title={say("title")} description={say("description")} />
      <ModeCard mode={mode} />
      <RuleCard effect="allow" mode={mode.data} list={rules} />
      <RuleCard effect="deny" mode={mode.data} list={rules} />
      <PullTester />
    </>
  )
}
