interface SparklineProps {
  /** Null where nothing was measured. */
  readonly values: readonly (number | null)[]
  readonly label: string
}

const width = 120
const height = 28

/** A line as small as a word: how something went, without figures. */
export function Sparkline({ values, label }: SparklineProps) {
  const most = Math.max(...values.map((value) => value ?? 0), Number.MIN_VALUE)
  const points = values.flatMap((value, index) =>
    value === null
      ? []
      : [`${(index / Math.max(1, values.length - 1)) * (width - 4) + 2},${height - 3 - (value / most) * (height - 6)}`],
  )
  return (
    <svg role="img" aria-label={label} width={width} height={height} className="block">
      {points.length > 1 ? (
        <polyline points={points.join(" ")} fill="none" strokeWidth={1.5} strokeLinejoin="round" className="stroke-chart-1" />
      ) : (
        points.map((point) => (
          <circle key={point} cx={point.split(",")[0]} cy={point.split(",")[1]} r={2} className="fill-chart-1" />
        ))
      )}
    </svg>
  )
}
