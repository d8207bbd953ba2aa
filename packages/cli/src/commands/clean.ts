import { Command, Option } from "commander"
import type { CleanOptions } from "../actions/clean.ts"
import { addCacheOption } from "../options/connection-options.ts"
import type { Declare } from "../program.ts"

/** `entrepot clean [NAME:TAG...]` */
export const cleanCommand: Declare = (context) => {
  const { say } = context
  const command = new Command("clean")
    .summary(say("empty the cache", "清理缓存"))
    .description(
      say(
        "Removes all images of the local cache, or those that are named. What another process is fetching at the moment stays.",
        "清理缓存：删除全部镜像，或只删除指定的镜像。其他进程正在下载的内容会保留。",
      ),
    )
    .argument("[images...]", say("only these, as list shows them: library/nginx:latest", "只删除这些，如 library/nginx:latest"))
    .addOption(
      new Option("--unused", say("keep the images, remove what belongs to none", "保留镜像，只删除不属于任何镜像的数据")),
    )
  return addCacheOption(command, say).action(async (images: string[], options: CleanOptions) => {
    const { clean } = await import("../actions.ts")
    context.finish(await clean(images, options, context))
  })
}
