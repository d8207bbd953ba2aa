import { Command, Option } from "commander"
import type { JobOptions } from "../actions/job.ts"
import { addLoginOptions, addSourceLoginOptions } from "../options/connection-options.ts"
import { addOutputOptions } from "../options/output-options.ts"
import { parseJobId } from "../options/parse-job-id.ts"
import { addServerOptions } from "../options/server-options.ts"
import type { Declare } from "../program.ts"

/** `entrepot job ID` */
export const jobCommand: Declare = (context) => {
  const { say } = context
  const command = new Command("job")
    .summary(say("show, follow, cancel or retry a job", "查看、跟踪、取消或重试任务"))
    .description(
      say(
        "Shows a job, or does something with it. With --follow: all that it has told and will tell, with the exit code that mirror would have.",
        "查看或操作一个任务。使用 --follow 时显示其全部过程，退出码与 mirror 相同。",
      ),
    )
    .argument("<id>", say("number that history and jobs show", "history 和 jobs 显示的编号"), parseJobId)
    .optionsGroup(say("What to do:", "操作："))
    .addOption(
      new Option(
        "--follow",
        say("show it until it has ended; Ctrl-C only stops looking", "跟踪到结束；Ctrl-C 只退出查看"),
      ).conflicts(["cancel", "remove"]),
    )
    .addOption(new Option("--cancel", say("stop it", "取消")).conflicts(["retry", "remove"]))
    .addOption(
      new Option("--retry", say("run it again, what has arrived is not sent again", "重试，已完成的层不会重传")).conflicts(
        "remove",
      ),
    )
    .option("--remove", say("take it out of the history", "从历史中删除"))
  addLoginOptions(command, say, { short: false })
  addSourceLoginOptions(command, say)
  addServerOptions(command, say)
  return addOutputOptions(command, say)
    .addHelpText(
      "after",
      `
${say("Examples", "示例")}:
  entrepot job 12
  entrepot job 12 --follow
  printf %s "$PASSWORD" | entrepot job 12 --retry --follow --username admin --password-stdin`,
    )
    .action(async (id: number, options: JobOptions) => {
      const { job } = await import("../job-actions.ts")
      context.finish(await job(id, options, context))
    })
}
