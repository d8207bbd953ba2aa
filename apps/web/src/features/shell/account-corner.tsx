"use client"

import { useMutation, useQueryClient } from "@tanstack/react-query"
import { LogOut } from "lucide-react"
import { useTranslations } from "next-intl"
import { Button } from "../../components/ui/button.tsx"
import { useTRPC } from "../../connection/trpc.ts"
import { LanguageSwitch } from "../preferences/language-switch.tsx"
import { ThemeSwitch } from "../preferences/theme-switch.tsx"
import { useMe } from "../session/use-me.ts"

/** Who is here, the way out, language and appearance. */
export function AccountCorner() {
  const say = useTranslations("shell")
  const trpc = useTRPC()
  const queries = useQueryClient()
  const { me } = useMe()
  const logOut = useMutation(
    trpc.accounts.logout.mutationOptions({
      onSettled: () => queries.resetQueries({ queryKey: trpc.accounts.me.queryKey() }),
    }),
  )
  return (
    <div className="grid gap-3 text-sidebar-foreground">
      <div className="flex flex-wrap gap-1.5">
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
      <div className="flex min-h-10 items-center justify-between gap-2 border-t border-white/15 pt-3">
        <div className="min-w-0 text-sm">
          <p className="truncate font-medium">{me?.name ?? "\u00a0"}</p>
          <p className="text-xs text-sidebar-muted">{me === undefined ? "\u00a0" : say(`role.${me.role}`)}</p>
        </div>
        <Button
          variant="ghost"
          size="small"
          className="text-sidebar-foreground hover:bg-sidebar-active"
          disabled={logOut.isPending}
          onClick={() => logOut.mutate()}
        >
          <LogOut aria-hidden />
          {say("logOut")}
        </Button>
      </div>
    </div>
  )
}
