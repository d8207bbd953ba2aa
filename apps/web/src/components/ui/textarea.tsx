import type { ComponentProps } from "react"
import { classNames } from "../class-names.ts"
import { fieldLook } from "./input.tsx"

/** Several lines of text. */
export function Textarea({ className, ...props }: ComponentProps<"textarea">) {
  return <textarea className={classNames(fieldLook, "min-h-32 py-2 font-mono leading-relaxed", className)} {...props} />
}
