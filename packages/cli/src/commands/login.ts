import { Command } from "commander"
import { addLoginOptions, addTlsOptions, type ConnectionOptions } from "../options/connection-options.ts"
import type { Declare } from "../program.ts"

/** `entrepot login HOST` */
export const loginCommand: Declare = (context) => {
  const { say } = context
  const command = new Command("login")
    .summary(say("keep credentials where Docker keeps them", "登录仓库，凭据保存在 Docker 配置文件"))
    .description(
      say(
        "Tries credentials at a registry, and keeps them in Docker's own config file or in the helper that is set there.",
        "验证凭据并保存到 Docker 配置文件（或其中设置的凭据助手）。",
      ),
    )
    .argument("[host]", say("registry (default: Docker Hub)", "仓库地址（默认 Docker Hub）"), "docker.io")
  addLoginOptions(command, say, { short: true })
  addTlsOptions(command, say)
  return command
    .addHelpText(
      "after",
      `
${say("Example", "示例")}:
  printf %s "$PASSWORD" | entrepot login harbor.example.com --username admin --password-stdin`,
    )
    .action(async (host: string, options: ConnectionOptions) => {
      const { login } = await import("../actions.ts")
      context.finish(await login(host, options, context))
    })
}
