import { ChevronDown } from "lucide-react"
import type { ComponentProps } from "react"
import { classNames } from "../class-names.ts"
import { fieldLook } from "./input.tsx"

/** One of several: the browser's own list, which every keyboard and phone knows. */
export function Select({ className, children, ...props }: ComponentProps<"select">) {
  return (
    <span className={classNames("relative block w-full", className)}>
      <select className={classNames(fieldLook, "h-10 appearance-none pr-9")} {...props}>
        {children}
      </select>
      <ChevronDown
        aria-hidden
        className="pointer-events-none absolute top-1/2 right-3 size-4 -translate-y-1/2 text-muted-foreground"
      />
    </span>
  )
}
