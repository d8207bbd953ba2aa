import { createEntrepotClient, type EntrepotClient, EntrepotError } from "@entrepot/client"
import type { Locale } from "@entrepot/core/locale"
import Link from "next/link"
import { type ReactNode, useEffect, useMemo, useState } from "react"
import { type Say, speak } from "../texts.ts"
import { sentenceOf, useAction } from "../use-action.ts"
import { TokenForm } from "./token-form.tsx"

type Session = "unknown" | "none" | "must change" | "open"

interface SessionFrameProps {
  readonly locale: Locale
  /** The other page, and the name of the link to it. */
  readonly link: { readonly href: string; readonly label: Parameters<Say>[0] }
  /** What is shown to whoever is logged in. */
  readonly children: (client: EntrepotClient, say: Say) => ReactNode
}

/** Around every page: its heading, the login, the forced change of the token, the way out. */
export function SessionFrame({ locale, link, children }: SessionFrameProps) {
  const client = useMemo(() => createEntrepotClient({ url: "", locale }), [locale])
  const say = useMemo(() => speak(locale), [locale])
  const action = useAction(locale)
  const [session, setSession] = useState<Session>("unknown")
  const [problem, setProblem] = useState<string>()

  useEffect(() => {
    client.accounts.me.query().then(
      ({ mustChange }) => setSession(mustChange ? "must change" : "open"),
      (error: unknown) => {
        setSession("none")
        if (!(error instanceof EntrepotError && error.httpStatus === 401)) setProblem(sentenceOf(error, locale))
      },
    )
  }, [client, locale])

  async function logOut(): Promise<void> {
    await client.accounts.logout.mutate()
    setSession("none")
  }

  return (
    <>
      <header>
        <h1>{say("title")}</h1>
        <nav>
          {session === "open" && <Link href={link.href}>{say(link.label)}</Link>}
          {session !== "unknown" && session !== "none" && (
            <button type="button" onClick={() => action.run(logOut)}>
              {say("logOut")}
            </button>
          )}
        </nav>
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
              setProblem(undefined)
              setSession(mustChange ? "must change" : "open")
            }}
          />
        )}
        {session === "must change" && (
          <TokenForm
            key="change"
            isNew
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
        {session === "open" && children(client, say)}
      </main>
    </>
  )
}
