import { classNames } from "../class-names.ts"

interface ProgressProps {
  /** Done, of `max`. */
  readonly value: number
  readonly max: number
  readonly label: string
  /** What is said of it in words: `3.2 MB / 9 MB`. */
  readonly valueText: string
  readonly tone?: "primary" | "success" | "warning" | "danger" | "neutral"
  readonly className?: string
}

const tones = {
  primary: "fill-primary",
  success: "fill-success",
  warning: "fill-warning",
  danger: "fill-danger",
  neutral: "fill-muted-foreground",
}

/** A bar. Drawn as a picture, since widths in `style` attributes are none of a strict policy's. */
export function Progress({ value, max, label, valueText, tone = "primary", className }: ProgressProps) {
  const share = max > 0 ? Math.min(1, Math.max(0, value / max)) : 0
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(share * 100)}
      aria-valuetext={valueText}
      className={classNames("h-2 w-full overflow-hidden rounded-full bg-muted", className)}
    >
      <svg aria-hidden width="100%" height="100%" className="block">
        <rect width={`${share * 100}%`} height="100%" className={tones[tone]} />
      </svg>
    </div>
  )
}
