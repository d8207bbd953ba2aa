"use client"

import { useTranslations } from "next-intl"
import { Problem } from "../../components/problem.tsx"
import { Button } from "../../components/ui/button.tsx"

interface MoreButtonProps {
  readonly list: {
    readonly data: unknown
    readonly error: unknown
    readonly hasNextPage: boolean
    readonly isFetchingNextPage: boolean
    readonly fetchNextPage: () => unknown
  }
}

/** Brings the next page of a list, where there is one; says why it did not come. */
export function MoreButton({ list }: MoreButtonProps) {
  const say = useTranslations("projects")
  if (!list.hasNextPage) return null
  return (
    <div className="grid justify-items-center gap-3 border-t p-4">
      {list.data !== undefined && list.error !== null && <Problem error={list.error} />}
      <Button
        variant="outline"
        size="small"
        disabled={list.isFetchingNextPage}
        aria-busy={list.isFetchingNextPage}
        onClick={() => void list.fetchNextPage()}
      >
        {say("more")}
      </Button>
    </div>
  )
}
