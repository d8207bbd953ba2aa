"use client"

import Link from "next/link"
import { useMemo } from "react"
import { EntrepotProvider } from "../../src/connection/entrepot-provider.tsx"
import { LanguageSwitch } from "../../src/features/preferences/language-switch.tsx"
import { ThemeSwitch } from "../../src/features/preferences/theme-switch.tsx"
import { Shell } from "../../src/features/shell/shell.tsx"
import { samplePages } from "./pages.tsx"
import { sampleFetch } from "./sample-fetch.ts"

/** One page in one state; the list of all of them where there is no such thing. */
export function SampleView({
  name = "",
  state = "",
}: {
  readonly name?: string | undefined
  readonly state?: string | undefined
}) {
  const sample = samplePages[name]
  const answers = sample?.states[state]
  const fetch = useMemo(() => (answers === undefined ? undefined : sampleFetch(answers)), [answers])
  if (sample === undefined || fetch === undefined) return <SampleList />
  return <EntrepotProvider fetch={fetch}>{sample.alone ? sample.page : <Shell>{sample.page}</Shell>}</EntrepotProvider>
}

function SampleList() {
  return (
    <main className="mx-auto max-w-2xl space-y-6 p-6">
      <h1 className="text-2xl font-semibold">Every page, in every state</h1>
      <div className="flex flex-wrap gap-4">
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
      <ul className="grid gap-4">
        {Object.entries(samplePages).map(([name, { states }]) => (
          <li key={name}>
            <h2 className="font-medium">{name}</h2>
            <ul className="flex flex-wrap gap-x-4 gap-y-1">
              {Object.keys(states).map((state) => (
                <li key={state}>
                  <Link className="text-primary underline underline-offset-4" href={`/states/${name}/${state}`}>
                    {state}
                  </Link>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ul>
    </main>
  )
}
