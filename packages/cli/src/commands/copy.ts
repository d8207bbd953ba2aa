import { Command } from "commander"
import type { CopyOptions } from "../actions/copy.ts"
import { addCacheOption, addLoginOptions, addSourceLoginOptions, addTlsOptions } from "../options/connection-options.ts"
import { addOutputOptions } from "../options/output-options.ts"
import { addContentOptions, addEffortOptions } from "../options/transfer-options.ts"
import type { Declare } from "../program.ts"

/** `entrepot copy SRC DST` */
export const copyCommand: Declare = (context) => {
  const { say } = context
  const command = new Command("copy")
    .summary(say("copy between any two places", "在任意两处之间复制镜像"))
    .description(
      say(
        `Copies an image between any two places:
  docker://REF               a registry
  oci:DIR[:TAG]              a directory in the OCI image layout
  oci-archive:TAR[:TAG]      the same as a tar
  docker-archive:TAR[:REF]   what docker save writes
  docker-daemon:REF          a Docker engine
  cache:NAME:TAG             the local cache`,
        `在任意两处之间复制镜像：
  docker://REF               镜像仓库
  oci:DIR[:TAG]              OCI 镜像布局目录
  oci-archive:TAR[:TAG]      OCI 镜像布局 tar 文件
  docker-archive:TAR[:REF]   docker save 生成的 tar 文件
  docker-daemon:REF          Docker 引擎
  cache:NAME:TAG             本地缓存`,
      ),
    )
    .argument("<source>", say("where the image is", "源"))
    .argument("<target>", say("where it goes", "目标"))
    .optionsGroup(say("What:", "内容："))
  addContentOptions(command, say).option("--dry-run", say("only print what would move", "只显示将要传输的内容"))
  addEffortOptions(command, say)
  addLoginOptions(command, say, { short: false })
  addSourceLoginOptions(command, say)
  addTlsOptions(command, say)
  addCacheOption(command, say)
  addOutputOptions(command, say)
  return command
    .addHelpText(
      "after",
      `
${say("Examples", "示例")}:
  entrepot copy docker://nginx:1.27 oci:./nginx:1.27
  entrepot copy docker-archive:app.tar docker://harbor.example.com/team/app:v1
  entrepot copy cache:library/nginx:latest docker://harbor.example.com/proxy/nginx:latest`,
    )
    .action(async (source: string, target: string, options: CopyOptions) => {
      const { copy } = await import("../actions.ts")
      context.finish(await copy(source, target, options, context))
    })
}
