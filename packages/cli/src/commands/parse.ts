import { Command } from "commander"
import type { Declare } from "../program.ts"

/** `entrepot parse IMAGE` */
export const parseCommand: Declare = (context) =>
  new Command("parse")
    .summary(context.say("show what an image name means", "解析镜像名"))
    .description(
      context.say(
        "Shows the registry, namespace, repository and tag that an image name stands for. Also takes what people paste: a docker pull line, a page of Docker Hub.",
        "显示镜像名对应的仓库地址、命名空间、镜像和标签。也可直接粘贴 docker pull 命令或 Docker Hub 页面地址。",
      ),
    )
    .argument("<image>", context.say("image name, or a pasted command or page address", "镜像名，或粘贴的命令、网页地址"))
    .option("--json", context.say("as JSON on standard output", "以 JSON 输出"))
    .action(async (image: string, options: { json?: true }) => {
      const { parse } = await import("../actions/parse.ts")
      context.finish(parse(image, options, context))
    })
