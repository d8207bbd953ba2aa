import { type Command, Option } from "commander"
import type { Say } from "../locale.ts"

export interface OutputOptions {
  readonly json?: true
  readonly plain?: true
  readonly quiet?: true
}

/** How a transfer is shown. */
export function addOutputOptions(command: Command, say: Say): Command {
  return command
    .optionsGroup(say("Output:", "输出："))
    .addOption(
      new Option("--json", say("events as JSON on standard output, one a line", "在标准输出以 JSON 逐行输出事件")).conflicts([
        "plain",
        "quiet",
      ]),
    )
    .addOption(
      new Option(
        "--plain",
        say("lines for a log (by itself where there is no terminal)", "逐行日志（非终端时自动启用）"),
      ).conflicts("quiet"),
    )
    .option("--quiet", say("only errors, and the result", "只显示错误和结果"))
}
