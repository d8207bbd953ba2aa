import { Command } from "commander"
import type { ExtractOptions } from "../actions/extract.ts"
import { addCacheOption } from "../options/connection-options.ts"
import { addOutputOptions } from "../options/output-options.ts"
import type { Declare } from "../program.ts"

/** `entrepot extract -f FILE` */
export const extractCommand: Declare = (context) => {
  const { say } = context
  const command = new Command("extract")
    .summary(say("extract a docker save tar into the cache", "从 tar 文件提取镜像并缓存"))
    .description(
      say(
        "Extracts every image of a docker save tar into the local cache, under the names that the tar gives.",
        "从 docker save 生成的 tar 文件提取所有镜像并缓存，使用 tar 中的镜像名。",
      ),
    )
    .requiredOption("-f, --file <file>", say("tar of docker save, also compressed", "Docker 镜像 tar 文件路径"))
    .option(
      "-r, --repository <repository>",
      say("repository in the cache, where the tar names none", "缓存中的 repository，tar 中没有名称时使用"),
    )
    .option("-t, --reference <reference>", say("its tag (default: latest)", "缓存中的标签 (默认: latest)"))
  addCacheOption(command, say)
  addOutputOptions(command, say)
  return command
    .addHelpText(
      "after",
      `
${say("Examples", "示例")}:
  docker save nginx:latest -o nginx.tar && entrepot extract -f nginx.tar
  entrepot push -s nginx:latest -r proxy/nginx -t latest --registry https://harbor.example.com`,
    )
    .action(async (options: ExtractOptions) => {
      const { extract } = await import("../actions.ts")
      context.finish(await extract(options, context))
    })
}
