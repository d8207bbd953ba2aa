import { Command } from "commander"
import type { InspectOptions } from "../actions/inspect.ts"
import { addCacheOption, addLoginOptions, addTlsOptions } from "../options/connection-options.ts"
import { addPlatformOption } from "../options/transfer-options.ts"
import type { Declare } from "../program.ts"

/** `entrepot inspect IMAGE` */
export const inspectCommand: Declare = (context) => {
  const { say } = context
  const command = new Command("inspect")
    .summary(say("show what an image consists of", "查看镜像的平台、层和大小"))
    .description(
      say("Shows platforms, layers and sizes of an image, without pulling it.", "查看镜像的平台、层和大小，不拉取镜像。"),
    )
    .argument("<image>", say("image name, or a place as for copy", "镜像名，或 copy 支持的位置"))
    .option("--raw", say("the manifest, byte for byte", "原样输出清单"))
    .option("--json", say("as JSON", "以 JSON 输出"))
  addPlatformOption(command, say)
  addLoginOptions(command, say, { short: false })
  addTlsOptions(command, say)
  return addCacheOption(command, say).action(async (image: string, options: InspectOptions) => {
    const { inspect } = await import("../actions.ts")
    context.finish(await inspect(image, options, context))
  })
}
