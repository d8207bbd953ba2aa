import type { EntrepotClient } from "@entrepot/client"
import type { Locale } from "@entrepot/core/locale"
import { formText } from "../form-text.ts"
import type { Say } from "../texts.ts"
import { useAction } from "../use-action.ts"

interface StartFormProps {
  readonly client: EntrepotClient
  readonly locale: Locale
  readonly say: Say
  readonly onStarted: (id: number) => void
}

/** Seed 0's form: source image, target registry, user and password. */
export function StartForm({ client, locale, say, onStarted }: StartFormProps) {
  const action = useAction(locale)

  async function start(form: FormData): Promise<void> {
    const [address, username, password] = ["address", "username", "password"].map((name) => formText(form, name))
    const { id } = await client.jobs.start.mutate({
      image: formText(form, "image"),
      ...(address ? { target: { address, ...(username ? { username, password: password ?? "" } : {}) } } : {}),
    })
    onStarted(id)
  }

  return (
    <form
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault()
        const form = new FormData(event.currentTarget)
        action.run(() => start(form))
      }}
    >
      <div className="row">
        <label>
          {say("source")}
          <input name="image" placeholder="nginx:latest" required />
        </label>
        <label>
          {say("target")}
          <input name="address" placeholder="harbor.example.com/proxy" />
        </label>
      </div>
      <div className="row">
        <label>
          {say("username")}
          <input name="username" autoComplete="off" />
        </label>
        <label>
          {say("password")}
          <input name="password" type="password" autoComplete="new-password" />
        </label>
      </div>
      {action.problem && (
        <p className="problem" role="alert">
          {action.problem}
        </p>
      )}
      <button type="submit" disabled={action.busy}>
        {say("start")}
      </button>
    </form>
  )
}
