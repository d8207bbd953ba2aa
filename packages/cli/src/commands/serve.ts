import { Command } from "commander"
import type { ServeOptions } from "../actions/serve.ts"
import { parseCount } from "../options/parse-count.ts"
import type { Declare } from "../program.ts"

/** `entrepot serve` */
export const serveCommand: Declare = (context) => {
  const { say } = context
  return new Command("serve")
    .summary(say("run the application", "启动服务"))
    .description(
      say(
        "Runs the application until Ctrl-C or SIGTERM. Everything that can be set stands in .env.example; the history is that of mirror on this machine.",
        "启动服务，直到 Ctrl-C 或 SIGTERM。全部配置项见 .env.example；历史与本机 mirror 共用。",
      ),
    )
    .option("--host <address>", say("address to listen on, or HOST (default: 127.0.0.1)", "监听地址，或 HOST (默认: 127.0.0.1)"))
    .option(
      "--port <port>",
      say("port to listen on, or PORT (default: 8080)", "监听端口，或 PORT (默认: 8080)"),
      parseCount(0, 65_535),
    )
    .action(async (options: ServeOptions) => {
      const { serve } = await import("../actions/serve.ts")
      await serve(options, context)
    })
}
