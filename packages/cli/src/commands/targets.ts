import { Command, Option } from "commander"
import type { AddTargetOptions, TargetsOptions } from "../actions/targets.ts"
import { addLoginOptions } from "../options/connection-options.ts"
import { addServerOptions } from "../options/server-options.ts"
import type { Declare } from "../program.ts"

/** `entrepot targets [add|remove|check]` */
export const targetsCommand: Declare = (context) => {
  const { say } = context
  const command = new Command("targets")
    .summary(say("list, add, remove, check saved targets", "管理已保存的目标仓库"))
    .description(
      say(
        "Saved targets of the application: registries that images are pushed to, with their naming rule and login. Without a word: lists them.",
        "服务中保存的目标仓库，包括命名规则和登录凭据。不带子命令时列出全部。",
      ),
    )
    .option("--json", say("as JSON", "以 JSON 输出"))
  addServerOptions(command, say).action(async (options: TargetsOptions) => {
    const { listTargets } = await import("../job-actions.ts")
    context.finish(await listTargets(options, context))
  })

  const add = new Command("add")
    .summary(say("save a target", "添加目标仓库"))
    .description(
      say(
        "Saves a target. Its password is kept sealed, which needs a master key (MASTER_KEY_FILE) where the application runs.",
        "保存目标仓库。密码加密保存，需要在服务运行处设置主密钥（MASTER_KEY_FILE）。",
      ),
    )
    .argument("<name>", say("name to call it by", "名称"))
    .argument("<address>", say("HOST[/PROJECT], as for mirror --to", "HOST[/PROJECT]，与 mirror --to 相同"))
    .option("--naming <rule>", say("naming rule of its images", "镜像命名规则"))
    .option("--shared", say("others may use it too", "其他用户也可以使用"))
    .option("--use-http", say("it speaks HTTP without TLS", "使用不加密的 HTTP"))
    .option("--skip-tls", say("accept any certificate", "跳过 TLS 证书验证"))
    .option("--ca <file>", say("certificates to trust besides the usual ones, PEM", "额外信任的 CA 证书（PEM）"))
  addLoginOptions(add, say, { short: true })
  addServerOptions(add, say).action(async (name: string, address: string, options: AddTargetOptions) => {
    const { addTarget } = await import("../job-actions.ts")
    context.finish(await addTarget(name, address, options, context))
  })

  const remove = new Command("remove")
    .summary(say("forget a target", "删除目标仓库"))
    .argument("<target>", say("its name or number", "名称或编号"))
  addServerOptions(remove, say).action(async (target: string, options: TargetsOptions) => {
    const { removeTarget } = await import("../job-actions.ts")
    context.finish(await removeTarget(target, options, context))
  })

  const check = new Command("check")
    .summary(say("reachable, accepted, may push", "检查连接、凭据、推送权限"))
    .argument("<target>", say("its name or number", "名称或编号"))
    .addOption(new Option("--json", say("as JSON", "以 JSON 输出")))
  addServerOptions(check, say).action(async (target: string, options: TargetsOptions) => {
    const { checkSavedTarget } = await import("../job-actions.ts")
    context.finish(await checkSavedTarget(target, options, context))
  })
  return command.addCommand(add).addCommand(remove).addCommand(check)
}
