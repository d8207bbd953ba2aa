import type { EntrepotClient } from "@entrepot/client"
import type { Locale } from "@entrepot/core/locale"
import { useState } from "react"
import { TokenForm } from "../session/token-form.tsx"
import type { Say } from "../texts.ts"
import { useAction } from "../use-action.ts"

interface ChangeTokenProps {
  readonly client: EntrepotClient
  readonly locale: Locale
  readonly say: Say
}

/** Changes the token that everybody logs in with. */
export function ChangeToken({ client, locale, say }: ChangeTokenProps) {
  const action = useAction(locale)
  const [changes, setChanges] = useState(0)
  return (
    <section>
      <h2>{say("changeToken")}</h2>
      <TokenForm
        key={changes}
        isNew
        label={say("newToken")}
        submit={say("change")}
        hint={say("changeEndsSessions")}
        action={action}
        onToken={async (token) => {
          await client.accounts.changeToken.mutate({ token })
          setChanges((before) => before + 1)
        }}
      />
      {changes > 0 && (
        <p className="succeeded" role="status">
          {say("tokenChanged")}
        </p>
      )}
    </section>
  )
}
