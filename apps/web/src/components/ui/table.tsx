import type { ComponentProps } from "react"
import { classNames } from "../class-names.ts"

/** Rows and columns; wider than the page, it scrolls by itself, keyboards included. Name it: `aria-label`. */
export function Table({ className, ...props }: ComponentProps<"table">) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1)
    <section className="w-full overflow-x-auto" tabIndex={0} aria-label={props["aria-label"]}>
      <table className={classNames("w-full text-left text-sm", className)} {...props} />
    </section>
  )
}

export function TableRow({ className, ...props }: ComponentProps<"tr">) {
  return <tr className={classNames("border-b last:border-0", className)} {...props} />
}

export function TableHead({ className, ...props }: ComponentProps<"th">) {
  return (
    <th
      scope="col"
      className={classNames("h-10 px-3 font-medium whitespace-nowrap text-muted-foreground", className)}
      {...props}
    />
  )
}

export function TableCell({ className, ...props }: ComponentProps<"td">) {
  return <td className={classNames("px-3 py-2.5 align-middle", className)} {...props} />
}
