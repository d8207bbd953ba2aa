"use client"

import { Check, Copy } from "lucide-react"
import { useTranslations } from "next-intl"
import { useEffect, useState } from "react"
import { Button } from "./button.tsx"

interface CopyButtonProps {
  readonly text: string
  /** What is copied, in words; beside the icon unless `iconOnly`. */
  readonly label: string
  readonly iconOnly?: boolean
}

/** Where the clipboard is out of reach (plain HTTP), the text is selected from a field that nobody sees: beside the button, since a dialog lets nothing outside be selected. */
async function copy(text: string, button: HTMLElement): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text)
  const field = document.createElement("textarea")
  field.value = text
  field.className = "fixed opacity-0"
  button.after(field)
  field.select()
  const copied = document.execCommand("copy")
  field.remove()
  button.focus()
  if (!copied) throw new Error("the clipboard is out of reach")
}

/** Puts a text into the clipboard, and says so. */
export function CopyButton({ text, label, iconOnly = false }: CopyButtonProps) {
  const say = useTranslations("common")
  const [result, setResult] = useState<"copied" | "copyFailed">()

  useEffect(() => {
    if (result === undefined) return
    const timer = setTimeout(() => setResult(undefined), 2_000)
    return () => clearTimeout(timer)
  }, [result])

  return (
    <Button
      variant={iconOnly ? "ghost" : "outline"}
      size={iconOnly ? "icon" : "small"}
      aria-label={iconOnly ? label : undefined}
      title={iconOnly ? label : undefined}
      onClick={({ currentTarget }) => {
        copy(text, currentTarget).then(
          () => setResult("copied"),
          () => setResult("copyFailed"),
        )
      }}
    >
      {result === "copied" ? <Check aria-hidden className="text-success" /> : <Copy aria-hidden />}
      {!iconOnly && <span>{result === undefined ? label : say(result)}</span>}
      <span role="status" className="sr-only">
        {result && say(result)}
      </span>
    </Button>
  )
}
