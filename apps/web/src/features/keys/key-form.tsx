import type { Locale } from "@entrepot/core/locale"
import { useState } from "react"
import { formText } from "../form-text.ts"
import type { Say } from "../texts.ts"
import { useAction } from "../use-action.ts"
import { endOfDay } from "./end-of-day.ts"
import type { NewKey } from "./use-keys.ts"

interface KeyFormProps {
  readonly locale: Locale
  readonly say: Say
  readonly onWanted: (wanted: NewKey) => Promise<void>
}

const offered = ["jobs:read", "jobs:write", "pull", "admin"] as const satisfies NewKey["scopes"]

/** Asks for a new key's name, scopes and last day. */
export function KeyForm({ locale, say, onWanted }: KeyFormProps) {
  const action = useAction(locale)
  const [made, setMade] = useState(0)

  async function make(form: FormData): Promise<void> {
    const chosen = form.getAll("scope")
    const lastDay = formText(form, "lastDay")
    await onWanted({
      name: formText(form, "name"),
      scopes: offered.filter((scope) => chosen.includes(scope)),
      expiresAt: lastDay === "" ? null : endOfDay(lastDay),
    })
    setMade((before) => before + 1)
  }

  return (
    <form
      key={made}
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault()
        const form = new FormData(event.currentTarget)
        action.run(() => make(form))
      }}
    >
      <h3>{say("newKey")}</h3>
      <div className="row">
        <label>
          {say("keyName")}
          <input name="name" placeholder="ci" required />
        </label>
        <label>
          {say("lastDay")}
          <input name="lastDay" type="date" />
        </label>
      </div>
      <fieldset>
        <legend>{say("scopes")}</legend>
        {offered.map((scope) => (
          <label className="choice" key={scope}>
            <input name="scope" type="checkbox" value={scope} defaultChecked={scope === "jobs:read"} /> {say(scope)}{" "}
            <code className="quiet">{scope}</code>
          </label>
        ))}
      </fieldset>
      {action.problem && (
        <p className="problem" role="alert">
          {action.problem}
        </p>
      )}
      <button type="submit" disabled={action.busy}>
        {say("makeKey")}
      </button>
    </form>
  )
}
