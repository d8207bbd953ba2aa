"use client"

import { useTranslations } from "next-intl"
import { Card, CardContent, CardHeader, CardTitle } from "../../../components/ui/card.tsx"
import { LanguageSwitch } from "../../preferences/language-switch.tsx"
import { ThemeSwitch } from "../../preferences/theme-switch.tsx"
import { useMe } from "../../session/use-me.ts"
import { PasswordForm } from "./password-form.tsx"
import { TokenForm } from "./token-form.tsx"

/** What everybody sets for themselves, and the token, which is the administrators'. */
export function GeneralSection() {
  const say = useTranslations()
  const { me } = useMe()
  return (
    <div className="grid items-start gap-6 lg:grid-cols-2">
      <Card className="lg:col-span-2">
        <CardHeader>
          <CardTitle>{say("settings.general.appearance")}</CardTitle>
        </CardHeader>
        <CardContent className="space-y-4">
          <div className="flex flex-wrap gap-x-12 gap-y-4">
            <div className="grid justify-items-start gap-1.5 text-sm">
              <span aria-hidden className="font-medium">
                {say("shell.language")}
              </span>
              <LanguageSwitch />
            </div>
            <div className="grid justify-items-start gap-1.5 text-sm">
              <span aria-hidden className="font-medium">
                {say("shell.theme")}
              </span>
              <ThemeSwitch />
            </div>
          </div>
          <p className="text-sm text-muted-foreground">{say("settings.general.thisBrowser")}</p>
        </CardContent>
      </Card>
      {me?.role === "admin" && (
        <Card>
          <CardHeader>
            <CardTitle>{say("settings.general.token")}</CardTitle>
          </CardHeader>
          <CardContent>
            <TokenForm />
          </CardContent>
        </Card>
      )}
      <Card>
        <CardHeader>
          <CardTitle>{say("settings.general.password")}</CardTitle>
        </CardHeader>
        <CardContent>{me && <PasswordForm me={me} />}</CardContent>
      </Card>
    </div>
  )
}
