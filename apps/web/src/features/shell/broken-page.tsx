"use client"

import { useTranslations } from "next-intl"
import { Alert } from "../../components/ui/alert.tsx"
import { Button } from "../../components/ui/button.tsx"
import { PageHeader } from "../../components/ui/page-header.tsx"

/** A page whose own code failed: says so, and offers to begin anew. Jobs do not depend on it. */
export function BrokenPage({ error }: { readonly error: Error }) {
  const say = useTranslations("common")
  return (
    <div className="space-y-6">
      <PageHeader title={say("unexpected")} description={say("unexpectedHint")} />
      <Alert tone="danger">
        <p className="font-mono text-xs break-all">{error.message}</p>
      </Alert>
      <Button onClick={() => location.reload()}>{say("tryAgain")}</Button>
    </div>
  )
}
