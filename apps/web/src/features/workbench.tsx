"use client"

import { createEntrepotClient, EntrepotError } from "@entrepot/client"
import type { Locale } from "@entrepot/core/locale"
import { useEffect, useMemo, useState } from "react"
import { JobList } from "./jobs/job-list.tsx"
import { JobView } from "./jobs/job-view.tsx"
import { StartForm } from "./jobs/start-form.tsx"
import { TokenForm } from "./session/token-form.tsx"
import { speak } from "./texts.ts"
import { sentenceOf, useAction } from "./use-action.ts"

type Session = "unknown" | "none" | "must change" | "open"

/** The one page: log in, start a mirror, watch it, see what was. */
export function Workbench({ locale }: { readonly locale: Locale }) {
  const client = useMemo(() => createEntrepotClient({ url: "", locale }), [locale])
  const say = useMemo(() => speak(locale), [locale])
  const action = useAction(locale)
  const [session, setSession] = useState<Session>("unknown")
  const [problem, setProblem] = useState<string>()
  const [watched, setWatched] = useState<number>()

  useEffect(() => {
    client.accounts.me.query().then(
      ({ mustChange }) => setSession(mustChange ? "must change" : "open"),
      (error: unknown) => {
        setSession("none")
        if (!(error instanceof EntrepotError && error.httpStatus === 401)) setProblem(sentenceOf(error, locale))
      },
    )
  }, [client, locale])

  return (
    <>
      <header>
        <h1>{say("title")}</h1>
        {session !== "unknown" && session !== "none" && (
          <button
            type="button"
            onClick={() =>
              action.run(async () => {
                await client.accounts.logout.mutate()
                setSession("none")
              })
            }
          >
            {say("logOut")}
          </button>
        )}
      </header>
      <main>
        {problem && <p className="problem">{problem}</p>}
        {session === "none" && (
          <TokenForm
            key="login"
            label={say("token")}
            setupCode={say("setupCode")}
            submit={say("logIn")}
            action={action}
            onToken={async (token, setupCode) => {
              const { mustChange } = await client.accounts.login.mutate({ token, ...(setupCode === "" ? {} : { setupCode }) })
              setSession(mustChange ? "must change" : "open")
            }}
          />
        )}
        {session === "must change" && (
          <TokenForm
            key="change"
            label={say("newToken")}
            submit={say("change")}
            hint={say("changeFirst")}
            action={action}
            onToken={async (token) => {
              await client.accounts.changeToken.mutate({ token })
              setSession("open")
            }}
          />
        )}
        {session === "open" && (
          <>
            <StartForm client={client} locale={locale} say={say} onStarted={setWatched} />
            {watched !== undefined && <JobView key={watched} client={client} id={watched} locale={locale} say={say} />}
            <JobList client={client} say={say} onWatch={setWatched} />
          </>
        )}
      </main>
    </>
  )
}
