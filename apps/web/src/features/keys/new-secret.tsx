import { useRef, useState } from "react"
import type { Say } from "../texts.ts"

interface NewSecretProps {
  readonly secret: string
  readonly say: Say
  readonly onDone: () => void
}

/** A new key's secret, to be copied now or never. */
export function NewSecret({ secret, say, onDone }: NewSecretProps) {
  const field = useRef<HTMLInputElement>(null)
  const [copied, setCopied] = useState(false)

  async function copy(): Promise<void> {
    field.current?.select()
    // Browsers give the clipboard to secure pages alone; the older way works on plain HTTP too.
    if (navigator.clipboard === undefined) setCopied(document.execCommand("copy"))
    else {
      await navigator.clipboard.writeText(secret)
      setCopied(true)
    }
  }

  return (
    <div className="job" role="status">
      <p>{say("secretOnce")}</p>
      <input
        ref={field}
        className="secret"
        aria-label={say("secret")}
        value={secret}
        readOnly
        onFocus={(event) => event.currentTarget.select()}
      />
      <div className="buttons">
        {/* Refused, it leaves the secret selected. */}
        <button type="button" onClick={() => void copy().catch(() => setCopied(false))}>
          {say(copied ? "copied" : "copy")}
        </button>
        <button type="button" onClick={onDone}>
          {say("done")}
        </button>
      </div>
    </div>
  )
}
