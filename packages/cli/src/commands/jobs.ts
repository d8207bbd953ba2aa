import { Command } from "commander"
import type { JobsOptions } from "../actions/jobs.ts"
import { addServerOptions } from "../options/server-options.ts"
import type { Declare } from "../program.ts"

/** `entrepot jobs` */
export const jobsCommand: Declare = (context) => {
  const { say } = context
  const command = new Command("jobs")
    .summary(say("list what is waiting and running", "查看排队和进行中的任务"))
    .description(say("Lists the jobs that have not ended, the newest first.", "列出尚未结束的任务，最新的在前。"))
    .option("--json", say("as JSON", "以 JSON 输出"))
  return addServerOptions(command, say).action(async (options: JobsOptions) => {
    const { jobs } = await import("../job-actions.ts")
    context.finish(await jobs(options, context))
  })
}
