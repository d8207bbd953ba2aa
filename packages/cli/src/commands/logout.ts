import { Command } from "commander"
import type { Declare } from "../program.ts"

/** `entrepot logout HOST` */
export const logoutCommand: Declare = (context) => {
  const { say } = context
  return new Command("logout")
    .summary(say("forget credentials", "退出登录"))
    .description(
      say("Removes the credentials of a registry from Docker's own config file.", "从 Docker 配置文件中删除仓库凭据。"),
    )
    .argument("[host]", say("registry (default: Docker Hub)", "仓库地址（默认 Docker Hub）"), "docker.io")
    .action(async (host: string) => {
      const { logout } = await import("../actions.ts")
      context.finish(await logout(host, context))
    })
}
