import type { EntrepotClient } from "@entrepot/client"
import type { Locale } from "@entrepot/core/locale"
import { useState } from "react"
import type { Say } from "../texts.ts"
import { useAction } from "../use-action.ts"
import { KeyForm } from "./key-form.tsx"
import { NewSecret } from "./new-secret.tsx"
import { useKeys } from "./use-keys.ts"

interface KeyListProps {
  readonly client: EntrepotClient
  readonly locale: Locale
  readonly say: Say
}

/** One's own API keys: what there is, a form for another, and the secret of the newest while this page is open. */
export function KeyList({ client, locale, say }: KeyListProps) {
  const { keys, problem, make, remove } = useKeys(client, locale)
  const action = useAction(locale)
  const [secret, setSecret] = useState<string>()
  const when = (at: number | null) => (at === null ? say("never") : new Date(at).toLocaleString(locale))
  const shown = problem ?? action.problem

  return (
    <section>
      <h2>{say("apiKeys")}</h2>
      {shown && (
        <p className="problem" role="alert">
          {shown}
        </p>
      )}
      {secret !== undefined && <NewSecret key={secret} secret={secret} say={say} onDone={() => setSecret(undefined)} />}
      {keys?.length === 0 && <p className="quiet">{say("noKeys")}</p>}
      <ul className="keys">
        {keys?.map(({ id, name, scopes, expiresAt, lastUsedAt }) => (
          <li key={id}>
            <div>
              <strong>{name}</strong>
              <br />
              <span className="quiet">{scopes.map((scope) => say(scope)).join(" · ")}</span>
              <br />
              <span className="quiet">
                {say("expires")}: {when(expiresAt)} · {say("lastUsed")}: {when(lastUsedAt)}
              </span>
            </div>
            <button
              type="button"
              disabled={action.busy}
              onClick={() => {
                if (window.confirm(say("removeSure", { name }))) action.run(() => remove(id))
              }}
            >
              {say("remove")}
            </button>
          </li>
        ))}
      </ul>
      <KeyForm locale={locale} say={say} onWanted={async (wanted) => setSecret(await make(wanted))} />
    </section>
  )
}
