import { Command } from "commander"
import type { HistoryOptions } from "../actions/history.ts"
import { parseCount } from "../options/parse-count.ts"
import { parseJobId } from "../options/parse-job-id.ts"
import { parseStates } from "../options/parse-states.ts"
import { addServerOptions } from "../options/server-options.ts"
import type { Declare } from "../program.ts"

/** `entrepot history` */
export const historyCommand: Declare = (context) => {
  const { say } = context
  const command = new Command("history")
    .summary(say("list what was brought where", "查看传输历史"))
    .description(
      say(
        "Lists the jobs that have ended, the newest first: those of `mirror` on this machine and of the application here, or of a server.",
        "列出已结束的任务，最新的在前：本机 mirror 和本机服务的任务，或指定服务端的任务。",
      ),
    )
    .option("--search <text>", say("part of the image's name, or of the target's", "镜像或目标名称的一部分"))
    .option(
      "--state <states>",
      say("only these: succeeded, failed, cancelled", "只要这些状态：succeeded、failed、cancelled"),
      parseStates,
    )
    .option("--limit <count>", say("at most so many", "最多条数"), parseCount(1, 200), 20)
    .option("--before <id>", say("older than this one: the next page", "比此编号更早的：下一页"), parseJobId)
    .option("--json", say("as JSON", "以 JSON 输出"))
  return addServerOptions(command, say)
    .addHelpText(
      "after",
      `
${say("Examples", "示例")}:
  entrepot history --search nginx
  entrepot history --state failed --limit 5
  entrepot history --json | jq '.[].target'`,
    )
    .action(async (options: HistoryOptions) => {
      const { history } = await import("../job-actions.ts")
      context.finish(await history(options, context))
    })
}
