import { localeOf } from "@entrepot/core/locale"
import type { Metadata } from "next"
import { headers } from "next/headers"
import type { ReactNode } from "react"
import "./globals.css"

/** Every answer carries a nonce of its own, so that no page can be made in advance. */
export const dynamic = "force-dynamic"

export const metadata: Metadata = { title: "Entrepot", robots: { index: false } }

export default async function Layout({ children }: { readonly children: ReactNode }) {
  const locale = localeOf((await headers()).get("accept-language") ?? undefined)
  return (
    <html lang={locale}>
      <body>{children}</body>
    </html>
  )
}
