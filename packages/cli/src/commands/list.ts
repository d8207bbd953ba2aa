import { Command } from "commander"
import type { ListOptions } from "../actions/list.ts"
import { addCacheOption } from "../options/connection-options.ts"
import type { Declare } from "../program.ts"

/** `entrepot list` */
export const listCommand: Declare = (context) => {
  const { say } = context
  const command = new Command("list")
    .summary(say("list the images of the cache", "列出缓存中的镜像"))
    .description(say("Lists the images of the local cache.", "列出缓存中的镜像。"))
  return addCacheOption(command, say)
    .option("--json", say("as JSON", "以 JSON 输出"))
    .action(async (options: ListOptions) => {
      const { list } = await import("../actions.ts")
      context.finish(await list(options, context))
    })
}
