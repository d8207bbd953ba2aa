import { Command } from "commander"
import type { Declare } from "../program.ts"

/** `entrepot admin reset-token` */
export const adminCommand: Declare = (context) => {
  const { say } = context
  const resetToken = new Command("reset-token")
    .summary(say("make a new login token, and end all sessions", "生成新的登录 Token，并结束所有会话"))
    .description(
      say(
        "For whoever has lost the login token, or suspects that others have it: prints a new one on standard output, and ends all sessions. Works on the database of this machine, whether the application runs or not.",
        "用于 Token 遗失或泄露：在标准输出打印新的 Token，并结束所有会话。直接操作本机数据库，无论服务是否运行。",
      ),
    )
    .action(async () => {
      const { resetToken: reset } = await import("../job-actions.ts")
      context.finish(await reset(context))
    })
  return new Command("admin")
    .summary(say("look after the application of this machine", "管理本机服务"))
    .description(say("What only somebody with the database at hand may do.", "只有能访问数据库的人才能执行的操作。"))
    .addCommand(resetToken)
}
