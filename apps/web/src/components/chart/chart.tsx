"use client"

import { type PointerEvent, useState } from "react"
import { classNames } from "../class-names.ts"
import { axisWidth, placesWithWords, valueTicks } from "./axis-ticks.ts"
import { useWidth } from "./use-width.ts"

/** Colours of what a chart shows, by their order. */
const chartTones = {
  1: { fill: "fill-chart-1", stroke: "stroke-chart-1", dot: "bg-chart-1" },
  2: { fill: "fill-chart-2", stroke: "stroke-chart-2", dot: "bg-chart-2" },
  3: { fill: "fill-chart-3", stroke: "stroke-chart-3", dot: "bg-chart-3" },
  4: { fill: "fill-chart-4", stroke: "stroke-chart-4", dot: "bg-chart-4" },
  5: { fill: "fill-chart-5", stroke: "stroke-chart-5", dot: "bg-chart-5" },
} as const

/** One thing that is shown at every place. */
export interface ChartSeries {
  readonly name: string
  readonly tone: keyof typeof chartTones
  /** One for each place; null where nothing was measured. */
  readonly values: readonly (number | null)[]
}

interface ChartProps {
  /** What is seen, in a sentence, for whoever does not see it. */
  readonly label: string
  readonly kind: "bars" | "lines"
  readonly series: readonly ChartSeries[]
  /** Words below the places, short. */
  readonly places: readonly string[]
  /** The same in full, for the place under the pointer. */
  readonly placeNames: readonly string[]
  readonly format: (value: number) => string
  /** The end of the axis where it is given: 1 for shares. */
  readonly most?: number
}

const height = 220
const margin = { top: 8, right: 8, bottom: 24 }
const plotHeight = height - margin.top - margin.bottom

/** Values over time: stacked bars or lines, with axes, a legend, and the figures of the place under the pointer. The figures as a table are the page's. */
export function Chart({ label, kind, series, places, placeNames, format, most }: ChartProps) {
  const { ref, width } = useWidth()
  const [pointed, setPointed] = useState<number>()
  const highest = most ?? highestOf(series, kind)
  const ticks = valueTicks(highest, 4)
  const top = ticks.at(-1) || 1
  const left = axisWidth(ticks.map(format))
  const plotWidth = Math.max(0, width - left - margin.right)
  const step = places.length === 0 ? 0 : plotWidth / places.length
  const y = (value: number) => margin.top + plotHeight * (1 - value / top)
  const x = (place: number) => left + step * place

  function point(event: PointerEvent<SVGRectElement>): void {
    const place = Math.floor((event.clientX - event.currentTarget.getBoundingClientRect().left) / step)
    setPointed(place >= 0 && place < places.length ? place : undefined)
  }

  return (
    <figure className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <Legend
        series={series}
        pointed={pointed}
        format={format}
        placeName={pointed === undefined ? undefined : placeNames[pointed]}
      />
      <div ref={ref} className="h-[220px] w-full">
        {width > 0 && (
          <svg role="img" aria-label={label} width={width} height={height} className="block touch-pan-y select-none">
            {ticks.map((tick) => (
              <g key={tick}>
                <line x1={left} x2={width - margin.right} y1={y(tick)} y2={y(tick)} className="stroke-border" />
                <text
                  x={left - 8}
                  y={y(tick)}
                  dy="0.32em"
                  textAnchor="end"
                  className="fill-muted-foreground text-[11px] tabular-nums"
                >
                  {format(tick)}
                </text>
              </g>
            ))}
            {placesWithWords(places.length, plotWidth, 64).map((place) => (
              <text
                key={place}
                x={x(place) + step / 2}
                y={height - 6}
                textAnchor="middle"
                className="fill-muted-foreground text-[11px] tabular-nums"
              >
                {places[place]}
              </text>
            ))}
            {pointed !== undefined && (
              <rect x={x(pointed)} y={margin.top} width={step} height={plotHeight} className="fill-muted" />
            )}
            {kind === "bars" ? (
              <Bars series={series} count={places.length} x={x} y={y} step={step} />
            ) : (
              <Lines series={series} x={x} y={y} step={step} />
            )}
            <rect
              x={left}
              y={margin.top}
              width={plotWidth}
              height={plotHeight}
              fill="transparent"
              onPointerMove={point}
              onPointerDown={point}
              onPointerLeave={() => setPointed(undefined)}
            />
          </svg>
        )}
      </div>
    </figure>
  )
}

interface PlotProps {
  readonly series: readonly ChartSeries[]
  readonly x: (place: number) => number
  readonly y: (value: number) => number
  /** Width of a place, pixels. */
  readonly step: number
}

function Bars({ series, count, x, y, step }: PlotProps & { readonly count: number }) {
  const gap = Math.min(6, step * 0.25)
  return Array.from({ length: count }, (_, place) => {
    let below = 0
    return series.map(({ name, tone, values }) => {
      const value = values[place] ?? 0
      if (value <= 0) return null
      const from = below
      below += value
      return (
        <rect
          key={`${name} ${x(place)}`}
          x={x(place) + gap / 2}
          width={Math.max(1, step - gap)}
          y={y(below)}
          height={Math.max(1, y(from) - y(below))}
          className={chartTones[tone].fill}
        />
      )
    })
  })
}

function Lines({ series, x, y, step }: PlotProps) {
  return series.map(({ name, tone, values }) => {
    const points = values.flatMap((value, place) => (value === null ? [] : [{ at: x(place) + step / 2, value }]))
    return (
      <g key={name}>
        <polyline
          points={points.map(({ at, value }) => `${at},${y(value)}`).join(" ")}
          fill="none"
          strokeWidth={2}
          strokeLinejoin="round"
          className={chartTones[tone].stroke}
        />
        {points.length < 60 &&
          points.map(({ at, value }) => <circle key={at} cx={at} cy={y(value)} r={2.5} className={chartTones[tone].fill} />)}
      </g>
    )
  })
}

interface LegendProps {
  readonly series: readonly ChartSeries[]
  readonly pointed: number | undefined
  readonly placeName: string | undefined
  readonly format: (value: number) => string
}

function Legend({ series, pointed, placeName, format }: LegendProps) {
  return (
    <figcaption className="flex min-h-6 flex-wrap items-center gap-x-4 gap-y-1 text-xs text-muted-foreground">
      {series.map(({ name, tone, values }) => {
        const value = pointed === undefined ? undefined : values[pointed]
        return (
          <span key={name} className="flex min-w-0 items-center gap-1.5">
            <span aria-hidden className={classNames("size-2.5 shrink-0 rounded-xs", chartTones[tone].dot)} />
            <span className="truncate">{name}</span>
            {pointed !== undefined && (
              <span className="font-medium text-foreground tabular-nums">{value == null ? "–" : format(value)}</span>
            )}
          </span>
        )
      })}
      <span className="ml-auto tabular-nums">{placeName}</span>
    </figcaption>
  )
}

function highestOf(series: readonly ChartSeries[], kind: ChartProps["kind"]): number {
  const length = Math.max(0, ...series.map(({ values }) => values.length))
  let highest = 0
  for (let place = 0; place < length; place++) {
    const values = series.map(({ values: all }) => all[place] ?? 0)
    highest = Math.max(highest, kind === "bars" ? values.reduce((sum, value) => sum + value, 0) : Math.max(0, ...values))
  }
  return highest
}
