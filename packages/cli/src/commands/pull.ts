import { Command } from "commander"
import type { PullOptions } from "../actions/pull.ts"
import { addCacheOption, addLoginOptions, addRegistryOptions, addTlsOptions } from "../options/connection-options.ts"
import { addOutputOptions } from "../options/output-options.ts"
import { addContentOptions, addEffortOptions } from "../options/transfer-options.ts"
import type { Declare } from "../program.ts"

/** `entrepot pull -r REPOSITORY -t REFERENCE` */
export const pullCommand: Declare = (context) => {
  const { say } = context
  const command = new Command("pull")
    .summary(say("pull an image into the cache", "从 repository 拉取镜像并缓存"))
    .description(say("Pulls an image from a registry into the local cache.", "从 repository 拉取镜像并缓存。"))
    .requiredOption(
      "-r, --repository <repository>",
      say("repository, like library/ubuntu", "Repository 名称 (例如: library/ubuntu)"),
    )
    .requiredOption(
      "-t, --reference <reference>",
      say("tag or digest, like latest or sha256:…", "标签或摘要 (例如: latest 或 sha256:...)"),
    )
  addLoginOptions(command, say, { short: true })
  addRegistryOptions(command, say)
  addCacheOption(command, say)
  addTlsOptions(command, say)
  addContentOptions(command.optionsGroup(say("What:", "内容：")), say)
  addEffortOptions(command, say)
  addOutputOptions(command, say)
  return command
    .addHelpText(
      "after",
      `
${say("Examples", "示例")}:
  entrepot pull -r library/ubuntu -t 22.04
  entrepot pull -r prometheus/prometheus -t v2.40.0 --registry https://quay.io --platform linux/amd64`,
    )
    .action(async (options: PullOptions) => {
      const { pull } = await import("../actions.ts")
      context.finish(await pull(options, context))
    })
}
