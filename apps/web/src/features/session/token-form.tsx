import { formText } from "../form-text.ts"
import type { Action } from "../use-action.ts"

interface TokenFormProps {
  readonly label: string
  readonly submit: string
  readonly hint?: string
  /** Says what the setup code is, where one may be asked for. */
  readonly setupCode?: string
  /** The token is chosen here, not recalled. */
  readonly isNew?: boolean
  readonly action: Action
  readonly onToken: (token: string, setupCode: string) => Promise<void>
}

/** Asks for a token: to log in with, or the new one. */
export function TokenForm({ label, submit, hint, setupCode, isNew = false, action, onToken }: TokenFormProps) {
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        const form = new FormData(event.currentTarget)
        action.run(() => onToken(formText(form, "token"), formText(form, "setupCode")))
      }}
    >
      {hint && <p>{hint}</p>}
      {/* Password managers keep a secret under a user's name. */}
      <input name="username" autoComplete="username" defaultValue="admin" readOnly hidden />
      <label>
        {label}
        <input name="token" type="password" autoComplete={isNew ? "new-password" : "current-password"} required />
      </label>
      {setupCode && (
        <details>
          <summary>{setupCode}</summary>
          <input name="setupCode" type="password" autoComplete="one-time-code" aria-label={setupCode} />
        </details>
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
