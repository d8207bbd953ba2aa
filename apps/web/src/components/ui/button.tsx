import { cva, type VariantProps } from "class-variance-authority"
import { Slot } from "radix-ui"
import type { ComponentProps } from "react"
import { classNames } from "../class-names.ts"

const buttonVariants = cva(
  "inline-flex shrink-0 items-center justify-center gap-2 rounded-md text-sm font-medium whitespace-nowrap transition-colors disabled:pointer-events-none disabled:opacity-60 aria-busy:cursor-progress [&_svg]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        primary: "bg-primary text-primary-foreground hover:bg-primary-hover",
        outline: "border border-input bg-card hover:bg-muted",
        ghost: "hover:bg-muted",
        danger: "bg-danger text-danger-foreground hover:bg-danger-hover",
        link: "h-auto px-0 text-primary underline underline-offset-4 hover:text-primary-hover",
      },
      size: { small: "h-8 px-3", medium: "h-10 px-4", large: "h-12 px-6 text-base", icon: "size-9" },
    },
    compoundVariants: [{ variant: "link", className: "h-auto px-0" }],
    defaultVariants: { variant: "primary", size: "medium" },
  },
)

interface ButtonProps extends ComponentProps<"button">, VariantProps<typeof buttonVariants> {
  /** The child is the button: a link that looks like one. */
  readonly asChild?: boolean
}

/** Does something. A button without text needs an aria-label. */
export function Button({ className, variant, size, asChild = false, type = "button", ...props }: ButtonProps) {
  const classes = classNames(buttonVariants({ variant, size }), className)
  return asChild ? <Slot.Root className={classes} {...props} /> : <button type={type} className={classes} {...props} />
}
