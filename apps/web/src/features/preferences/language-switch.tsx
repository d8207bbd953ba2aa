"use client"

import { useRouter } from "next/navigation"
import { useLocale, useTranslations } from "next-intl"
import { useTransition } from "react"
import { Choice } from "./choice.tsx"
import { savePreference } from "./save-preference.ts"

const languages = [
  { value: "zh", label: "中文", lang: "zh" },
  { value: "en", label: "English", lang: "en" },
] as const

/** Chinese or English, at once, without losing what is on the page. */
export function LanguageSwitch({ className }: { readonly className?: string }) {
  const say = useTranslations("shell")
  const router = useRouter()
  const [, begin] = useTransition()
  return (
    <Choice
      label={say("language")}
      value={useLocale()}
      options={languages}
      className={className}
      onChange={(locale) => {
        savePreference("locale", locale)
        begin(() => router.refresh())
      }}
    />
  )
}
