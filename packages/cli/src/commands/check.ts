import { Command } from "commander"
import type { CheckOptions } from "../actions/check.ts"
import { addLoginOptions, addTlsOptions } from "../options/connection-options.ts"
import type { Declare } from "../program.ts"

/** `entrepot check TARGET` */
export const checkCommand: Declare = (context) => {
  const { say } = context
  const command = new Command("check")
    .summary(say("check a target: reachable, accepted, may push", "检查目标仓库：连接、凭据、推送权限"))
    .description(
      say(
        "Checks whether images can be pushed to a target, and leaves nothing there.",
        "检查能否向目标仓库推送镜像，不留下任何数据。",
      ),
    )
    .argument("<target>", say("HOST[/PROJECT], as for mirror --to", "HOST[/PROJECT]，与 mirror --to 相同"))
    .option("--json", say("as JSON", "以 JSON 输出"))
  addLoginOptions(command, say, { short: true })
  addTlsOptions(command, say)
  return command.action(async (target: string, options: CheckOptions) => {
    const { check } = await import("../actions.ts")
    context.finish(await check(target, options, context))
  })
}
