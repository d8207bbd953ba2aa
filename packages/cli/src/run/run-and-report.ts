import type { HttpNotice } from "@entrepot/core"
import type { Context } from "../context.ts"
import type { ExitCode } from "../exit-code.ts"
import type { OutputOptions } from "../options/output-options.ts"
import { createRenderer } from "../renderers/create-renderer.ts"
import { jsonText } from "../renderers/json-text.ts"
import { type Carry, runTransfers, type Task, type TaskResult } from "./run-transfers.ts"
import { countResults, exitCodeOfRun, summaryText } from "./summary.ts"

/** What a person who waits should know; it has no meaning any more after so many milliseconds. */
export type Notice = Pick<HttpNotice, "message" | "forMs">

/** Tells notices to whoever asked last. */
export interface NoticeSource {
  onNotice(handler: (notice: Notice) => void): void
}

export interface ReportOptions {
  /** Transfers at once. Default 1. */
  readonly concurrency?: number
  /** What should be known of a run in which something arrived; its references still come last. */
  readonly remark?: () => Promise<string | undefined>
  /** Lines that end a run in which all went well: how to go on from here. */
  readonly next?: (results: readonly TaskResult[]) => string | undefined
  /** What the first Ctrl-C is answered with. Default: that everything stops. */
  readonly interrupted?: string
}

/** Runs the tasks, shows them as the options wish, prints what came out on standard output, and returns the exit code. */
export async function runAndReport<T extends Task>(
  tasks: readonly T[],
  carry: Carry<T>,
  notices: NoticeSource,
  output: OutputOptions,
  context: Context,
  { concurrency = 1, remark, next, interrupted }: ReportOptions = {},
): Promise<ExitCode> {
  const { say, signal, stdout, now } = context
  const renderer = createRenderer(output, context)
  notices.onNotice(({ message, forMs }) => renderer.notice(message, forMs))
  /** On a terminal a result in between would tear the bars of those that still run. */
  const later: string[] = []
  let arrived = 0
  const restoreTerminal = () => renderer.close()
  process.once("exit", restoreTerminal)
  context.onInterrupt(() =>
    renderer.note(interrupted ?? say("stopping … (Ctrl-C again to stop at once)", "正在停止…（再按一次 Ctrl-C 立即退出）")),
  )
  try {
    const results = await runTransfers(tasks, carry, renderer, { concurrency, signal }, ({ task, outcome }) => {
      const isThere = outcome?.outcome === "succeeded" || outcome?.outcome === "unchanged"
      if (isThere) arrived++
      if (!isThere || output.json) return
      if (stdout.isTerminal) later.push(task.result)
      else stdout.write(`${task.result}\n`)
    })
    const remarked = arrived > 0 ? await remark?.() : undefined
    if (remarked !== undefined) renderer.note(remarked)
    stdout.write(later.map((result) => `${result}\n`).join(""))
    const summary = summaryText(results, say)
    if (summary !== undefined) renderer.note(summary)
    const code = exitCodeOfRun(results)
    const advice = code === 0 ? next?.(results) : undefined
    if (advice !== undefined) renderer.note(advice)
    if (output.json) {
      stdout.write(jsonText({ time: new Date(now()).toISOString(), type: "summary", ...countResults(results), exitCode: code }))
    }
    return code
  } finally {
    process.off("exit", restoreTerminal)
    renderer.close()
  }
}
