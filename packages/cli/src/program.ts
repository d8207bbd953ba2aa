import { Command, Option } from "commander"
import packageJson from "../package.json" with { type: "json" }
import { helpInChinese, usageInChinese } from "./chinese-usage.ts"
import { adminCommand } from "./commands/admin.ts"
import { checkCommand } from "./commands/check.ts"
import { cleanCommand } from "./commands/clean.ts"
import { copyCommand } from "./commands/copy.ts"
import { extractCommand } from "./commands/extract.ts"
import { historyCommand } from "./commands/history.ts"
import { inspectCommand } from "./commands/inspect.ts"
import { jobCommand } from "./commands/job.ts"
import { jobsCommand } from "./commands/jobs.ts"
import { listCommand } from "./commands/list.ts"
import { loginCommand } from "./commands/login.ts"
import { logoutCommand } from "./commands/logout.ts"
import { mirrorCommand } from "./commands/mirror.ts"
import { parseCommand } from "./commands/parse.ts"
import { pullCommand } from "./commands/pull.ts"
import { pushCommand } from "./commands/push.ts"
import { serveCommand } from "./commands/serve.ts"
import { tagsCommand } from "./commands/tags.ts"
import { targetsCommand } from "./commands/targets.ts"
import type { Context } from "./context.ts"
import { exitCodes } from "./exit-code.ts"
import { locales } from "./locale.ts"
import { textWidth } from "./renderers/text-width.ts"

/** How a command is declared: its words, options and examples; what it does is loaded when it is called. */
export type Declare = (context: Context) => Command

const declarations: readonly Declare[] = [
  mirrorCommand,
  copyCommand,
  pullCommand,
  extractCommand,
  pushCommand,
  listCommand,
  cleanCommand,
  parseCommand,
  inspectCommand,
  tagsCommand,
  checkCommand,
  loginCommand,
  logoutCommand,
  historyCommand,
  jobsCommand,
  jobCommand,
  targetsCommand,
  serveCommand,
  adminCommand,
]

/** The headings that commander writes by itself. */
const titlesInChinese: Readonly<Record<string, string>> = {
  "Usage:": "用法：",
  "Arguments:": "参数：",
  "Options:": "选项：",
  "Commands:": "命令：",
}

/** The whole command line. */
export function program(context: Context): Command {
  const { say, stdout, stderr } = context
  const inReadersLanguage = (text: string) => say(text, helpInChinese(text))
  const language = () => new Option("--lang <language>", say("language of messages", "提示语言")).choices(locales)
  const root = new Command("entrepot")
    .description(
      say(
        "Brings container images from any registry to any other, over a bad network, and makes sure they arrive whole.",
        "把容器镜像从任意仓库搬到任意仓库：网络再差，也保证完整送达。",
      ),
    )
    .version(packageJson.version, "-V, --version", say("print the version", "显示版本"))
    .addOption(language())
    .helpOption("-h, --help", say("show help", "显示帮助"))
    .helpCommand("help [command]", say("show help of a command", "显示某个命令的帮助"))
    .configureHelp({
      displayWidth: textWidth,
      styleTitle: (title) => say(title, titlesInChinese[title] ?? title),
      styleUsage: inReadersLanguage,
      styleSubcommandTerm: inReadersLanguage,
      styleOptionDescription: inReadersLanguage,
      styleArgumentDescription: inReadersLanguage,
    })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      outputError: (text, write) => write(say(text, usageInChinese(text))),
      getOutHelpWidth: () => Math.min(stdout.size().columns, 120),
      getErrHelpWidth: () => Math.min(stderr.size().columns, 120),
    })
    .showHelpAfterError(say("see entrepot help, or entrepot help COMMAND", "用法见 entrepot help，或 entrepot help 命令"))
  const adopt = (command: Command) => {
    command.copyInheritedSettings(root).addOption(language()).helpOption("-h, --help", say("show help", "显示帮助"))
    for (const subcommand of command.commands) adopt(subcommand)
    // Else an option of a subcommand that its parent has too would be the parent's.
    if (command.commands.length > 0) command.enablePositionalOptions().helpCommand(false)
    return command
  }
  for (const declare of declarations) root.addCommand(adopt(declare(context)))
  root.addHelpText("after", () =>
    say(
      `
Examples:
  entrepot mirror nginx --to harbor.example.com/proxy
  entrepot parse gcr.io/google-containers/pause:3.2

Exit codes:
${exitCodeTable(say)}`,
      `
示例：
  entrepot mirror nginx --to harbor.example.com/proxy
  entrepot parse gcr.io/google-containers/pause:3.2

退出码：
${exitCodeTable(say)}`,
    ),
  )
  return root
}

function exitCodeTable(say: Context["say"]): string {
  const meanings: Record<keyof typeof exitCodes, string> = {
    ok: say("everything went well", "全部成功"),
    failed: say("some of several images failed, or another error", "部分镜像失败，或其他错误"),
    usage: say("wrong use: option, image name, naming collision", "用法错误：选项、镜像名、命名冲突"),
    access: say("credentials missing, refused, or without the right", "缺少凭据、凭据被拒或权限不足"),
    network: say("network, name resolution, certificate", "网络、域名解析或证书问题"),
    notFound: say("image, tag or repository not found", "镜像、标签或仓库不存在"),
    rateLimited: say("rate limit of the registry", "仓库限流"),
    server: say("the registry failed, or refused the content", "仓库出错或拒绝了内容"),
    content: say("wrong or damaged content: digest, size, archive", "内容错误或损坏：摘要、大小、归档"),
    local: say("this machine: disk full, permission, missing file", "本机问题：磁盘满、权限、文件缺失"),
    docker: say("Docker daemon not available", "Docker服务异常"),
    cancelled: say("stopped by Ctrl-C or SIGTERM", "被 Ctrl-C 或 SIGTERM 停止"),
  }
  return Object.entries(exitCodes)
    .map(([name, code]) => `  ${String(code).padStart(3)}  ${meanings[name as keyof typeof exitCodes]}`)
    .join("\n")
}
