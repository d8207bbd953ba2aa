import type { Context } from "../context.ts"
import { type ExitCode, exitCodes } from "../exit-code.ts"
import { openStates } from "../options/parse-states.ts"
import type { ServerOptions } from "../options/server-options.ts"
import { openJobsTable } from "../renderers/job-table.ts"
import { jsonText } from "../renderers/json-text.ts"
import { openDesk } from "../run/desk.ts"

export interface JobsOptions extends ServerOptions {
  readonly json?: true
}

/** As many as a person can take in, and the API gives at once. */
const mostShown = 200

/** The jobs that have not ended. */
export async function jobs(options: JobsOptions, context: Context): Promise<ExitCode> {
  const { stdout, stderr, say } = context
  await using desk = await openDesk(options, context)
  const page = await desk.list({ limit: mostShown, states: [...openStates] })
  if (options.json) stdout.write(jsonText(page.jobs))
  else if (page.jobs.length > 0) stdout.write(openJobsTable(page.jobs, stdout, say))
  else stderr.write(`${say("Nothing is waiting or running.", "没有排队或进行中的任务。")}\n`)
  if (page.next !== null) stderr.write(`${say(`only the newest ${mostShown} are shown`, `只显示最新的 ${mostShown} 个`)}\n`)
  return exitCodes.ok
}
