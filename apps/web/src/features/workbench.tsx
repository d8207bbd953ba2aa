"use client"

import type { Locale } from "@entrepot/core/locale"
import { useState } from "react"
import { JobList } from "./jobs/job-list.tsx"
import { JobView } from "./jobs/job-view.tsx"
import { StartForm } from "./jobs/start-form.tsx"
import { SessionFrame } from "./session/session-frame.tsx"

/** The first page: start a mirror, watch it, see what was. */
export function Workbench({ locale }: { readonly locale: Locale }) {
  const [watched, setWatched] = useState<number>()
  return (
    <SessionFrame locale={locale} link={{ href: "/token", label: "tokenAndKeys" }}>
      {(client, say) => (
        <>
          <StartForm client={client} locale={locale} say={say} onStarted={setWatched} />
          {watched !== undefined && <JobView key={watched} client={client} id={watched} locale={locale} say={say} />}
          <JobList client={client} locale={locale} say={say} onWatch={setWatched} />
        </>
      )}
    </SessionFrame>
  )
}
