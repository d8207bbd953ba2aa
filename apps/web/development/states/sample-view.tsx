"use client"

import Link from "next/link"
import { useMemo } from "react"
import { EntrepotProvider } from "../../src/connection/entrepot-provider.tsx"
import { LanguageSwitch } from "../../src/features/preferences/language-switch.tsx"
import { ThemeSwitch } from "../../src/features/preferences/theme-switch.tsx"
import { Shell } from "../../src/features/shell/shell.tsx"
import { samplePages } from "./pages.tsx"
import type { SampleAnswers } from "./sample-answers.ts"
import { sampleFetch } from "./sample-fetch.ts"
import { type SamplePageName, sampleStates } from "./sample-states.ts"

/** One page in one state; the list of all of them where there is no such thing. */
export function SampleView({
  name = "",
  state = "",
}: {
  readonly name?: string | undefined
  readonly state?: string | undefined
}) {
  const states: Readonly<Record<string, SampleAnswers>> = isSamplePage(name) ? sampleStates[name] : {}
  const answers = states[state]
  const fetch = useMemo(() => (answers === undefined ? undefined : sampleFetch(answers)), [answers])
  if (fetch === undefined || !isSamplePage(name)) return <SampleList />
  const page = samplePages[name]
  return <EntrepotProvider fetch={fetch}>{name === "login" ? page : <Shell>{page}</Shell>}</EntrepotProvider>
}

function isSamplePage(name: string): name is SamplePageName {
  return name in sampleStates
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
        {Object.entries(sampleStates).map(([name, states]) => (
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
