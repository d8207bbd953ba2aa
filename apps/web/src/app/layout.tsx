import type { Metadata, Viewport } from "next"
import { headers } from "next/headers"
import type { ReactNode } from "react"
import { messages } from "../messages/index.ts"
import { pageLocale } from "./page-locale.ts"
import { Providers } from "./providers.tsx"
import "./globals.css"

/** Every answer carries a nonce of its own, so that no page can be made in advance. */
export const dynamic = "force-dynamic"

export const metadata: Metadata = { title: "Entrepot", robots: { index: false } }

export const viewport: Viewport = { width: "device-width", initialScale: 1, colorScheme: "light dark" }

export default async function Layout({ children }: { readonly children: ReactNode }) {
  const locale = await pageLocale()
  const asked = (await headers()).get("x-entrepot-theme")
  const theme = asked === "light" || asked === "dark" ? asked : undefined
  return (
    <html lang={locale === "zh" ? "zh-CN" : "en"} data-theme={theme}>
      <body>
        <Providers locale={locale} messages={messages[locale]} theme={theme ?? "system"}>
          {children}
        </Providers>
      </body>
    </html>
  )
}
