import { formText } from "../form-text.ts"
import type { Action } from "../use-action.ts"

interface TokenFormProps {
  readonly label: string
  readonly submit: string
  readonly hint?: string
  readonly setupCode?: string
  readonly action: Action
  readonly onToken: (token: string, setupCode: string) => Promise<void>
}

/** Asks for a token: to log in with, or the new one. */
export function TokenForm({ label, submit, hint, setupCode, action, onToken }: TokenFormProps) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        const form = new FormData(event.currentTarget)
        action.run(() => onToken(formText(form, "token"), formText(form, "setupCode")))
      }}
    >
      {hint && <p>{hint}</p>}
      <label>
        {label}
        <input name="token" type="password" autoComplete="off" required />
      </label>
      {setupCode && (
        <label>
          {setupCode}
          <input name="setupCode" type="password" autoComplete="off" />
        </label>
      )}
      {action.problem && (
        <p className="problem" role="alert">
          {action.problem}
        </p>
      )}
      <button type="submit" disabled={action.busy}>
        {submit}
      </button>
    </form>
  )
}
