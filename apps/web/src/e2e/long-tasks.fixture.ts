import type { Browser, Page } from "playwright-core"

interface TraceEvent {
  readonly name: string
  readonly ph: string
  readonly pid: number
  readonly tid: number
  /** Microseconds, by the clock and of the processor's own time. */
  readonly dur?: number
  readonly tdur?: number
  readonly args?: { readonly name?: string }
}

/** What a page's main thread did meanwhile. */
export interface Work {
  /** How many tasks it ran. */
  readonly tasks: number
  /** Processor's time of the longest of them, milliseconds: beyond 50 a page does not answer. What other programs of the machine took is none of it. */
  readonly longestMs: number
  /** The same of the five longest, the longest first. */
  readonly spread: readonly number[]
}

/** Does something with a page, and tells what its main thread had to do for that. */
export async function workOf(browser: Browser, page: Page, doing: () => Promise<void>): Promise<Work> {
  await browser.startTracing(page, { categories: ["toplevel"] })
  let trace: Buffer
  try {
    await doing()
  } finally {
    trace = await browser.stopTracing()
  }
  const { traceEvents }: { traceEvents: readonly TraceEvent[] } = JSON.parse(trace.toString())
  return workIn(traceEvents)
}

function workIn(events: readonly TraceEvent[]): Work {
  const thread = (event: TraceEvent) => `${event.pid}/${event.tid}`
  const mains = new Set(events.filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain").map(thread))
  const tasks = events.filter((event) => event.name.endsWith("RunTask") && event.ph === "X" && mains.has(thread(event)))
  const times = tasks.map(({ tdur, dur }) => Math.round((tdur ?? dur ?? 0) / 1000)).toSorted((one, other) => other - one)
  return { tasks: tasks.length, longestMs: times[0] ?? 0, spread: times.slice(0, 5) }
}
