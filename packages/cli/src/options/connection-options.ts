import { type Command, Option } from "commander"
import type { Say } from "../locale.ts"
import { parseSwitch } from "./parse-switch.ts"

/** How registries are reached, and as whom. */
export interface ConnectionOptions {
  readonly tlsVerify?: boolean
  readonly skipTls?: true
  readonly ca?: string
  readonly cert?: string
  readonly key?: string
  readonly plainHttp?: readonly string[]
  readonly username?: string
  readonly password?: string
  readonly passwordStdin?: true
  /** No option: what was typed when `login` asked. */
  readonly typedPassword?: string
  readonly sourceUsername?: string
  readonly sourcePasswordStdin?: true
  readonly cacheDir?: string
  readonly limitRate?: number
}

export function addTlsOptions(command: Command, say: Say): Command {
  return command
    .optionsGroup(say("Connection:", "连接："))
    .addOption(
      new Option("--tls-verify <bool>", say("false accepts any certificate", "false 表示不验证证书"))
        .argParser(parseSwitch)
        .default(true),
    )
    .option("--ca <file>", say("certificates to trust besides the usual ones, PEM", "额外信任的 CA 证书（PEM）"))
    .option("--cert <file>", say("client certificate, PEM", "客户端证书（PEM）"))
    .option("--key <file>", say("its key, PEM", "客户端私钥（PEM）"))
    .option(
      "--plain-http <host>",
      say("use HTTP without TLS for this host; may be repeated", "对该主机使用不加密的 HTTP，可重复"),
      (host: string, before: readonly string[] = []) => [...before, host],
    )
}

/** Credentials of the one registry a command talks to. */
export function addLoginOptions(command: Command, say: Say, options: { readonly short: boolean }): Command {
  const short = (letter: string) => (options.short ? `-${letter}, ` : "")
  command
    .optionsGroup(say("Credentials (else Docker's own config file):", "凭据（缺省读取 Docker 配置文件）："))
    .option(
      `${short("u")}--username <username>`,
      say("user, or ENTREPOT_USERNAME", "Registry 用户名，或环境变量 ENTREPOT_USERNAME"),
    )
    .addOption(
      new Option(
        "--password-stdin",
        say("password on standard input; or ENTREPOT_PASSWORD", "从标准输入读取密码；或环境变量 ENTREPOT_PASSWORD"),
      ).conflicts("password"),
    )
  const password = new Option(
    `${short("p")}--password <password>`,
    say(
      "password; visible to others on this machine, better --password-stdin",
      "Registry 密码；会被本机其他用户看到，建议用 --password-stdin",
    ),
  )
  return command.addOption(options.short ? password : password.hideHelp())
}

/** Seed 4's `--registry` and `--skip-tls`. */
export function addRegistryOptions(command: Command, say: Say): Command {
  return command
    .optionsGroup(say("Registry:", "仓库："))
    .option("--registry <registry>", say("address of the registry", "Registry 地址"), "https://registry-1.docker.io")
    .option("--skip-tls", say("accept any certificate", "跳过 TLS 证书验证"))
}

/** Credentials of the source, for commands with two registries. */
export function addSourceLoginOptions(command: Command, say: Say): Command {
  return command
    .option(
      "--source-username <username>",
      say("user at the source, or ENTREPOT_SOURCE_USERNAME", "源仓库用户名，或 ENTREPOT_SOURCE_USERNAME"),
    )
    .addOption(
      new Option(
        "--source-password-stdin",
        say(
          "its password on standard input; or ENTREPOT_SOURCE_PASSWORD",
          "从标准输入读取源仓库密码；或 ENTREPOT_SOURCE_PASSWORD",
        ),
      ).conflicts("passwordStdin"),
    )
}

/** The cache directory of `pull`, `extract`, `push`, `list`, `clean`, and of `mirror` without target. */
export function addCacheOption(command: Command, say: Say): Command {
  return command.option("--cache-dir <directory>", say("cache directory (default: .cache)", "缓存目录 (默认: .cache)"))
}
