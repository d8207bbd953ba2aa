"use client"

import { Monitor, Moon, Sun } from "lucide-react"
import { useTranslations } from "next-intl"
import { Choice } from "./choice.tsx"
import { useTheme } from "./theme.tsx"

/** Light, dark, or as the system says. */
export function ThemeSwitch({ className }: { readonly className?: string }) {
  const say = useTranslations("shell")
  const { theme, choose } = useTheme()
  return (
    <Choice
      label={say("theme")}
      value={theme}
      className={className}
      options={[
        { value: "light", label: say("light"), icon: <Sun aria-hidden /> },
        { value: "dark", label: say("dark"), icon: <Moon aria-hidden /> },
        { value: "system", label: say("system"), icon: <Monitor aria-hidden /> },
      ]}
      onChange={choose}
    />
  )
}
