import { Command, Option } from "commander"
import type { PushOptions } from "../actions/push.ts"
import { addCacheOption, addLoginOptions, addRegistryOptions, addTlsOptions } from "../options/connection-options.ts"
import { addOutputOptions } from "../options/output-options.ts"
import { addEffortOptions } from "../options/transfer-options.ts"
import type { Declare } from "../program.ts"

/** `entrepot push -s SOURCE -r REPOSITORY -t REFERENCE` */
export const pushCommand: Declare = (context) => {
  const { say } = context
  const command = new Command("push")
    .summary(say("push from the cache or a tar to a registry", "推送镜像到 repository"))
    .description(
      say(
        "Pushes an image of the local cache, or of a docker save tar, to a registry.",
        "把缓存或 tar 文件中的镜像推送到 repository。",
      ),
    )
    .requiredOption(
      "-s, --source <source>",
      say("repository:tag of the cache, or a tar", "源镜像 (格式: repository:tag 或 tar 文件路径)"),
    )
    .requiredOption("-r, --repository <repository>", say("repository at the target", "目标 repository 名称"))
    .requiredOption("-t, --reference <reference>", say("tag at the target", "目标标签"))
  addLoginOptions(command, say, { short: true })
  addRegistryOptions(command, say)
  addCacheOption(command, say)
  addTlsOptions(command, say)
  addEffortOptions(command, say, { retryAttempts: 3, maxConcurrent: 1 })
    .option("--skip-existing", say("skip blobs that the target has (always so unless forced)", "跳过已存在的 blob（默认行为）"))
    .addOption(
      new Option("--force-upload", say("upload blobs that the target has, too", "强制上传即使 blob 已存在")).conflicts(
        "skipExisting",
      ),
    )
  addOutputOptions(command, say)
  return command
    .addHelpText(
      "after",
      `
${say("Examples", "示例")}:
  entrepot push -s library/ubuntu:22.04 -r proxy/ubuntu -t 22.04 --registry https://harbor.example.com
  printf %s "$PASSWORD" | entrepot push -s app.tar -r team/app -t v1 -u admin --password-stdin --registry https://harbor.example.com`,
    )
    .action(async (options: PushOptions) => {
      const { push } = await import("../actions.ts")
      context.finish(await push(options, context))
    })
}
