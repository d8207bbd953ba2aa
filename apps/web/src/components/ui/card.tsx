import type { ComponentProps } from "react"
import { classNames } from "../class-names.ts"

/** A piece of the page that belongs together. */
export function Card({ className, ...props }: ComponentProps<"section">) {
  return <section className={classNames("rounded-lg border bg-card shadow-xs", className)} {...props} />
}

export function CardHeader({ className, ...props }: ComponentProps<"div">) {
  return (
    <div
      className={classNames("flex flex-wrap items-center justify-between gap-x-4 gap-y-2 px-4 pt-4 sm:px-6 sm:pt-5", className)}
      {...props}
    />
  )
}

export function CardTitle({ className, ...props }: ComponentProps<"h2">) {
  return (
    <h2
      className={classNames("flex items-center gap-2 text-base font-semibold [&_svg]:size-5 [&_svg]:text-primary", className)}
      {...props}
    />
  )
}

export function CardContent({ className, ...props }: ComponentProps<"div">) {
  return <div className={classNames("p-4 sm:px-6 sm:py-5", className)} {...props} />
}
