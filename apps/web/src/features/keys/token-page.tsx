"use client"

import type { Locale } from "@entrepot/core/locale"
import { SessionFrame } from "../session/session-frame.tsx"
import { ChangeToken } from "./change-token.tsx"
import { KeyList } from "./key-list.tsx"

/** The second page: the token of this application, and one's own API keys. */
export function TokenPage({ locale }: { readonly locale: Locale }) {
  return (
    <SessionFrame locale={locale} link={{ href: "/", label: "back" }}>
      {(client, say) => (
        <>
          <ChangeToken client={client} locale={locale} say={say} />
          <KeyList client={client} locale={locale} say={say} />
        </>
      )}
    </SessionFrame>
  )
}
