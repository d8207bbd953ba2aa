import type { ComponentProps } from "react"
import { classNames } from "../class-names.ts"

/** What every field that text is typed into looks like. */
export const fieldLook =
  "w-full min-w-0 rounded-md border border-input bg-card px-3 text-base sm:text-sm placeholder:text-muted-foreground disabled:cursor-not-allowed disabled:opacity-60 aria-invalid:border-danger"

/** For names that must stay as they are typed: nothing completes, capitalises, corrects or underlines them. */
export const asTyped = { autoComplete: "off", autoCapitalize: "none", autoCorrect: "off", spellCheck: false } as const

/** One line of text. `mono` for names that are copied and compared. */
export function Input({ className, mono = false, ...props }: ComponentProps<"input"> & { readonly mono?: boolean }) {
  return <input className={classNames(fieldLook, "h-10", mono && "font-mono", className)} {...props} />
}
