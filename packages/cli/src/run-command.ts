import type { Locale } from "@entrepot/core"
import { CommanderError } from "commander"
import type { Context } from "./context.ts"
import type { Environment } from "./environment.ts"
import { exitCodes } from "./exit-code.ts"
import { locales } from "./locale.ts"
import { program } from "./program.ts"

/** The language asked for by `--lang`, else the environment's. It is looked up before anything is parsed, since the help texts depend on it. */
export function localeFor(argv: readonly string[], environment: Environment): Locale {
  const at = argv.findIndex((word) => word === "--lang" || word.startsWith("--lang="))
  const wish = at < 0 ? undefined : (argv[at]?.split("=")[1] ?? argv[at + 1])
  return locales.find((locale) => locale === wish) ?? environment.locale
}

/** Runs one command to its end in this context, and finishes it with an exit code, whatever happens. */
export async function runCommand(argv: readonly string[], context: Context): Promise<void> {
  try {
    const commands = program(context)
    if (argv.length === 0) commands.outputHelp()
    else await commands.parseAsync(argv, { from: "user" })
  } catch (error) {
    if (error instanceof CommanderError) {
      context.finish(error.exitCode === 0 ? exitCodes.ok : exitCodes.usage)
    } else {
      const { reportError } = await import("./report-error.ts")
      context.finish(reportError(error, context))
    }
  }
}
