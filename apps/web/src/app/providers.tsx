"use client"

import type { Locale } from "@entrepot/core/locale"
import { NextIntlClientProvider } from "next-intl"
import type { ReactNode } from "react"
import { EntrepotProvider } from "../connection/entrepot-provider.tsx"
import { type Theme, ThemeProvider } from "../features/preferences/theme.tsx"
import type { Messages } from "../messages/index.ts"

interface ProvidersProps {
  readonly locale: Locale
  readonly messages: Messages
  readonly theme: Theme
  readonly children: ReactNode
}

/** What every page stands in: its language, its looks, and the application behind it. */
export function Providers({ locale, messages, theme, children }: ProvidersProps) {
  return (
    <NextIntlClientProvider locale={locale} messages={messages} timeZone={Intl.DateTimeFormat().resolvedOptions().timeZone}>
      <ThemeProvider initial={theme}>
        <EntrepotProvider>{children}</EntrepotProvider>
      </ThemeProvider>
    </NextIntlClientProvider>
  )
}
