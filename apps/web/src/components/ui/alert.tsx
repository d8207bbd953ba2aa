import { cva, type VariantProps } from "class-variance-authority"
import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react"
import type { ComponentProps } from "react"
import { classNames } from "../class-names.ts"

const alertVariants = cva("flex gap-3 rounded-md border px-4 py-3 text-sm", {
  variants: {
    tone: {
      info: "border-primary/30 bg-primary-soft",
      success: "border-success/30 bg-success-soft",
      warning: "border-warning/30 bg-warning-soft",
      danger: "border-danger/30 bg-danger-soft",
    },
  },
  defaultVariants: { tone: "info" },
})

const icons = {
  info: <Info aria-hidden className="mt-0.5 size-4 shrink-0 text-primary" />,
  success: <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-success" />,
  warning: <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warning" />,
  danger: <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-danger" />,
}

/** Something the reader should know before going on. `danger` interrupts whoever hears the page. */
export function Alert({ className, tone, children, ...props }: ComponentProps<"div"> & VariantProps<typeof alertVariants>) {
  return (
    <div role={tone === "danger" ? "alert" : "status"} className={classNames(alertVariants({ tone }), className)} {...props}>
      {icons[tone ?? "info"]}
      <div className="min-w-0 flex-1 space-y-1 break-words">{children}</div>
    </div>
  )
}
