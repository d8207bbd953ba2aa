import { TransferError } from "@entrepot/core"
import { type Command, Option } from "commander"
import type { Context } from "../context.ts"
import type { Say } from "../locale.ts"

export interface ServerOptions {
  /** False: here, whatever the environment says. */
  readonly server?: string | false
}

/** An application that runs jobs, and who we are there. */
export interface ServerAddress {
  readonly url: string
  readonly token: string
}

/** Where jobs are looked at, or run. */
export function addServerOptions(command: Command, say: Say): Command {
  return command
    .optionsGroup(say("Server:", "服务端："))
    .option(
      "--server <url>",
      say(
        "at this application, with the API key in ENTREPOT_TOKEN; or ENTREPOT_SERVER",
        "使用该服务，API 密钥取自 ENTREPOT_TOKEN；或环境变量 ENTREPOT_SERVER",
      ),
    )
    .addOption(
      new Option("--no-server", say("on this machine, although ENTREPOT_SERVER is set", "忽略 ENTREPOT_SERVER，使用本机")),
    )
}

/** The server that is meant, undefined for this machine. @throws TransferError `usage` for an address that is none, `unauthorized` without API key. */
export function serverOf({ server }: ServerOptions, { environment }: Pick<Context, "environment">): ServerAddress | undefined {
  const address = server ?? environment.server
  if (address === undefined || address === false) return undefined
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== "" || url.password !== "") {
    throw new TransferError("usage", `${url === undefined ? address : url.host} is not the address of a server`, {
      hint: "write it as https://mirror.example.com, without user and password",
    })
  }
  if (environment.token === undefined) {
    throw new TransferError("unauthorized", `${url.host} asks for an API key, and there is none`, {
      side: "local",
      host: url.host,
      hint: "make one on the server's token page, and put it into ENTREPOT_TOKEN",
    })
  }
  return { url: url.origin, token: environment.token }
}
