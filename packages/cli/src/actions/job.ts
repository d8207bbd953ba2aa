import { isTransferError } from "@entrepot/core"
import type { Context } from "../context.ts"
import { type ExitCode, exitCodes } from "../exit-code.ts"
import type { ConnectionOptions } from "../options/connection-options.ts"
import type { OutputOptions } from "../options/output-options.ts"
import type { ServerOptions } from "../options/server-options.ts"
import { jobLines } from "../renderers/job-lines.ts"
import { childrenTable } from "../renderers/job-table.ts"
import { jsonText } from "../renderers/json-text.ts"
import { createPaint } from "../renderers/paint.ts"
import { lookOf } from "../report-error.ts"
import type { Job } from "../run/desk.ts"
import { type Desk, openDesk } from "../run/desk.ts"
import { followJobs, jobsAtOnce } from "../run/follow-jobs.ts"
import { childrenOf, jobTasksOf } from "../run/job-tasks.ts"
import { readLogins } from "../run/logins.ts"
import { runAndReport } from "../run/run-and-report.ts"

export interface JobOptions extends ServerOptions, OutputOptions, ConnectionOptions {
  readonly follow?: true
  readonly cancel?: true
  readonly retry?: true
  readonly remove?: true
}

/** Shows one job, or does what was asked with it. */
export async function job(id: number, options: JobOptions, context: Context): Promise<ExitCode> {
  const { stderr, say } = context
  await using desk = await openDesk(options, context)
  if (options.remove) {
    await desk.remove(id)
    stderr.write(`${say(`job ${id} removed`, `任务 ${id} 已删除`)}\n`)
    return exitCodes.ok
  }
  const found = await changed(id, desk, options, context)
  if (options.follow) return await followed(found, desk, options, context)
  await show(found, desk, options, context)
  return exitCodes.ok
}

async function changed(id: number, desk: Desk, options: JobOptions, context: Context): Promise<Job> {
  if (options.cancel) return await desk.cancel(id)
  if (options.retry) return await desk.retry(id, await readLogins(options, context))
  return await desk.get(id)
}

/** Until it has ended. Whoever stops looking stops nothing. */
async function followed(found: Job, desk: Desk, options: JobOptions, context: Context): Promise<ExitCode> {
  const { say } = context
  const logins = await readLogins(options, context)
  const jobs = followJobs(desk, { onInterrupt: "leave", logins }, context)
  const tasks = await jobTasksOf(found, desk)
  try {
    return await runAndReport(tasks, jobs.carry, jobs, options, context, {
      concurrency: jobsAtOnce,
      interrupted: say(`job ${found.id} goes on without you`, `任务 ${found.id} 继续在后台运行`),
    })
  } catch (error) {
    if (context.signal.aborted && isTransferError(error, "cancelled")) return exitCodes.cancelled
    throw error
  }
}

async function show(found: Job, desk: Desk, options: JobOptions, context: Context): Promise<void> {
  const { stdout, environment, say } = context
  if (options.json) {
    stdout.write(jsonText(found))
    return
  }
  const look = { ...lookOf(context), paint: createPaint(environment.colour && stdout.isTerminal) }
  stdout.write(`${jobLines(found, look).join("\n")}\n`)
  if (found.kind === "batch") stdout.write(`\n${childrenTable(await childrenOf(found.id, desk), stdout, say)}`)
}
