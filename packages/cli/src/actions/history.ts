import type { JobState } from "@entrepot/client"
import type { Context } from "../context.ts"
import { type ExitCode, exitCodes } from "../exit-code.ts"
import { endedStates } from "../options/parse-states.ts"
import type { ServerOptions } from "../options/server-options.ts"
import { endedJobsTable } from "../renderers/job-table.ts"
import { jsonText } from "../renderers/json-text.ts"
import { openDesk } from "../run/desk.ts"

export interface HistoryOptions extends ServerOptions {
  readonly search?: string
  readonly state?: JobState[]
  readonly limit: number
  readonly before?: number
  readonly json?: true
}

/** The jobs that have ended, newest first. What the next page begins with is told on standard error. */
export async function history(options: HistoryOptions, context: Context): Promise<ExitCode> {
  const { stdout, stderr, say } = context
  const { search, state, limit, before } = options
  await using desk = await openDesk(options, context)
  const page = await desk.list({
    limit,
    states: state ?? [...endedStates],
    ...(search === undefined ? {} : { search }),
    ...(before === undefined ? {} : { before }),
  })
  if (options.json) stdout.write(jsonText(page.jobs))
  else if (page.jobs.length > 0) stdout.write(endedJobsTable(page.jobs, stdout, say))
  else stderr.write(`${nothingFound(options, context)}\n`)
  if (page.next !== null && !options.json) {
    stderr.write(`${say(`there are older ones: --before ${page.next}`, `还有更早的记录：--before ${page.next}`)}\n`)
  }
  return exitCodes.ok
}

function nothingFound({ search, state, before }: HistoryOptions, { say }: Context): string {
  return search === undefined && state === undefined && before === undefined
    ? say("Nothing has been brought anywhere yet.", "还没有任何记录。")
    : say("No job is like that.", "没有符合条件的任务。")
}
