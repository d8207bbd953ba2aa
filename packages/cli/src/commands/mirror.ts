import { Command, Option } from "commander"
import type { MirrorOptions } from "../actions/mirror.ts"
import { addCacheOption, addLoginOptions, addSourceLoginOptions, addTlsOptions } from "../options/connection-options.ts"
import { addOutputOptions } from "../options/output-options.ts"
import { addServerOptions } from "../options/server-options.ts"
import { addContentOptions, addEffortOptions } from "../options/transfer-options.ts"
import type { Declare } from "../program.ts"
import { startRecording } from "../run/recording.ts"

/** `entrepot mirror IMAGE...` */
export const mirrorCommand: Declare = (context) => {
  const { say } = context
  const command = new Command("mirror")
    .summary(say("bring images to your registry", "把镜像搬到您的仓库"))
    .description(
      say(
        "Brings images from any registry to yours. Without --to and without MIRROR_TARGET they go into the registry of this machine, or with --cache-dir into the cache. On standard output: the references to pull.",
        "把镜像从任意仓库搬到您的仓库。没有 --to 和环境变量 MIRROR_TARGET 时存入本机的镜像仓库（指定 --cache-dir 时存入缓存）。标准输出只有可供拉取的镜像地址。",
      ),
    )
    .argument(
      "[images...]",
      say("names, or what you paste: docker pull …, a Docker Hub page", "镜像名，或粘贴的 docker pull 命令、网页地址"),
    )
    .optionsGroup(say("What and where:", "镜像与目标："))
    .option(
      "--to <host[/project]>",
      say("target registry and project (default project: proxy)", "目标仓库和项目（默认项目 proxy）"),
    )
    .option("--as <ref>", say("name of the one image at the target", "单个镜像在目标仓库的名称"))
    .option(
      "--naming <rule>",
      say(
        "default, flat, basename, or a template like {namespace}/{repository}",
        "命名规则：default、flat、basename 或模板，如 {namespace}/{repository}",
      ),
    )
    .option(
      "--file <images.txt>",
      say(
        "list of images, one a line, or a compose or Kubernetes file; - for standard input",
        "镜像列表文件（每行一个），或 compose、Kubernetes 文件；- 表示标准输入",
      ),
    )
    .addOption(new Option("--all-tags", say("every tag of the repository", "仓库的所有标签")).conflicts("tags"))
    .option("--tags <regex>", say("every tag that the expression matches as a whole", "与正则表达式完整匹配的标签"))
  addContentOptions(command, say)
    .addOption(
      new Option("--engine <engine>", say("direct needs no Docker", "传输方式；direct 不需要 Docker"))
        .choices(["direct", "docker"])
        .default("direct"),
    )
    .option("--dry-run", say("only print what would move", "只显示将要传输的内容"))
  addEffortOptions(command, say)
  addLoginOptions(command, say, { short: false })
  addSourceLoginOptions(command, say)
  addTlsOptions(command, say)
  addCacheOption(command, say)
  addServerOptions(command, say)
    .option("--detach", say("start there, print the job's number, and leave", "在服务端启动后立即返回，输出任务编号"))
    .optionsGroup(say("History:", "历史："))
    .option(
      "--no-history",
      say("do not write down what is brought where; or ENTREPOT_HISTORY=off", "不记录历史；或 ENTREPOT_HISTORY=off"),
    )
  addOutputOptions(command, say)
  return command
    .addHelpText(
      "after",
      `
${say("Examples", "示例")}:
  entrepot mirror nginx --to harbor.example.com/proxy
  entrepot mirror gcr.io/google-containers/pause:3.2 --to harbor.example.com --dry-run
  entrepot mirror alpine --tags '3\\.2[0-9]' --platform linux/amd64,linux/arm64 --to registry.example.com:5000/mirror
  entrepot mirror --file images.txt --to harbor.example.com/proxy --limit-rate 20M
  printf %s "$PASSWORD" | entrepot mirror redis:7 --to harbor.example.com --username admin --password-stdin
  entrepot mirror nginx --to harbor.example.com/proxy --server https://mirror.example.com`,
    )
    .action(async (images: string[], options: MirrorOptions) => {
      // First, since it takes longest to be ready.
      await using recording = startRecording(options, context)
      const { mirror } = await import("../actions.ts")
      context.finish(await mirror(images, options, recording, context))
    })
}
