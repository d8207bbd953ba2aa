"use client"

import { useRouter, useSearchParams } from "next/navigation"
import { useTranslations } from "next-intl"
import { useEffect } from "react"
import { Logo } from "../../components/logo.tsx"
import { Problem } from "../../components/problem.tsx"
import { Card, CardContent } from "../../components/ui/card.tsx"
import { LanguageSwitch } from "../preferences/language-switch.tsx"
import { ThemeSwitch } from "../preferences/theme-switch.tsx"
import { ChangeTokenForm } from "./change-token-form.tsx"
import { localPath } from "./local-path.ts"
import { LoginForm } from "./login-form.tsx"
import { useMe } from "./use-me.ts"

/** The login (seed 0 section 3.1), and on first use the change of the default token. */
export function LoginPage() {
  const say = useTranslations()
  const { state, error, again } = useMe()
  const router = useRouter()
  const next = localPath(useSearchParams().get("next"))

  useEffect(() => {
    if (state === "open") router.replace(next)
  }, [state, next, router])

  return (
    <div className="flex min-h-dvh flex-col">
      {/* From the top: what comes later moves nothing. */}
      <main className="grid flex-1 justify-items-center p-4 pt-[max(2rem,14dvh)] content-start">
        <div className="w-full max-w-sm space-y-6">
          <div className="grid justify-items-center gap-3 text-center">
            <Logo className="size-12" />
            <div>
              <h1 className="text-xl font-semibold">{say(state === "mustChange" ? "session.changeTitle" : "shell.title")}</h1>
              {state !== "mustChange" && <p className="text-sm text-muted-foreground">{say("shell.subtitle")}</p>}
            </div>
          </div>
          <Card>
            <CardContent>{state === "mustChange" ? <ChangeTokenForm /> : <LoginForm />}</CardContent>
          </Card>
          {error !== undefined && <Problem error={error} onRetry={again} />}
        </div>
      </main>
      <footer className="flex flex-wrap justify-center gap-x-6 gap-y-3 p-4">
        <LanguageSwitch />
        <ThemeSwitch />
      </footer>
    </div>
  )
}
