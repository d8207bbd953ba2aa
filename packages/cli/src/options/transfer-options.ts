import { type Command, Option } from "commander"
import type { Say } from "../locale.ts"
import { parseCount } from "./parse-count.ts"
import { parseRate } from "./parse-rate.ts"

/** What is copied, and how hard it is tried. */
export interface TransferOptions {
  readonly platform?: string
  readonly referrers?: true
  readonly retryAttempts?: number
  readonly maxConcurrent?: number
  readonly forceUpload?: true
}

export function addPlatformOption(command: Command, say: Say): Command {
  return command.option(
    "--platform <list>",
    say("only these, like linux/amd64,linux/arm64 (default: all)", "只要这些平台，如 linux/amd64,linux/arm64（默认 all）"),
  )
}

export function addContentOptions(command: Command, say: Say): Command {
  return addPlatformOption(command, say).option(
    "--referrers",
    say("signatures, SBOMs and what else refers to the image, too", "同时复制签名、SBOM 等关联制品"),
  )
}

/** `defaults` are seed values of a command; absent, core's own hold. */
export function addEffortOptions(
  command: Command,
  say: Say,
  defaults: { readonly retryAttempts?: number; readonly maxConcurrent?: number } = {},
): Command {
  const retries = new Option(
    "--retry-attempts <attempts>",
    say("tries of a blob that brings no progress before it fails", "失败重试次数"),
  )
  const concurrent = new Option("--max-concurrent <max>", say("blobs under way at once", "最大并发数"))
  return command
    .optionsGroup(say("Effort:", "传输："))
    .addOption(retries.argParser(parseCount(1, 1000)).default(defaults.retryAttempts))
    .addOption(concurrent.argParser(parseCount(1, 64)).default(defaults.maxConcurrent))
    .addOption(
      new Option("--limit-rate <rate>", say("at most so many bytes a second, like 20M", "限速，每秒字节数，如 20M")).argParser(
        parseRate,
      ),
    )
}
