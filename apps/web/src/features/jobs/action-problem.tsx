"use client"

import { useTranslations } from "next-intl"
import { Problem } from "../../components/problem.tsx"
import { Button } from "../../components/ui/button.tsx"
import { Dialog } from "../../components/ui/dialog.tsx"
import type { ListActions } from "./use-list-actions.ts"

/** Why something was not done with a job: before the page, wherever in a long list one is. */
export function ActionProblem({ actions }: { readonly actions: Pick<ListActions, "error" | "forgetError"> }) {
  const say = useTranslations()
  const { error, forgetError } = actions
  return (
    <Dialog open={error !== undefined} onClose={forgetError} title={say("jobs.notDone")}>
      <Problem error={error} />
      <Button variant="outline" className="justify-self-end" onClick={forgetError}>
        {say("common.close")}
      </Button>
    </Dialog>
  )
}
