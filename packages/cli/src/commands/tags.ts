import { Command } from "commander"
import type { TagsOptions } from "../actions/tags.ts"
import { addLoginOptions, addTlsOptions } from "../options/connection-options.ts"
import type { Declare } from "../program.ts"

/** `entrepot tags IMAGE` */
export const tagsCommand: Declare = (context) => {
  const { say } = context
  const command = new Command("tags")
    .summary(say("list the tags of a repository", "列出镜像的所有标签"))
    .description(say("Lists the tags of a repository, one a line.", "逐行列出镜像的所有标签。"))
    .argument("<image>", say("name of the repository; a tag is passed over", "镜像名（忽略标签）"))
    .option("--tags <regex>", say("only those that the expression matches as a whole", "只列出与正则表达式完整匹配的标签"))
    .option("--json", say("as JSON", "以 JSON 输出"))
  addLoginOptions(command, say, { short: false })
  addTlsOptions(command, say)
  return command.action(async (image: string, options: TagsOptions) => {
    const { tags } = await import("../actions.ts")
    context.finish(await tags(image, options, context))
  })
}
