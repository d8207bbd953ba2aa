import type { ComponentProps } from "react"
import { classNames } from "../class-names.ts"

/** The place of something that is still on its way: give it the height that it will have. */
export function Skeleton({ className, ...props }: ComponentProps<"div">) {
  return <div aria-hidden className={classNames("animate-pulse rounded-md bg-muted", className)} {...props} />
}
