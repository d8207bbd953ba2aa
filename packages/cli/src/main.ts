import type { Locale } from "@entrepot/core"
import { CommanderError } from "commander"
import type { Context } from "./context.ts"
import { readEnvironment } from "./environment.ts"
import { exitCodes } from "./exit-code.ts"
import { interruption } from "./interruption.ts"
import { locales, speak } from "./locale.ts"
import { output } from "./output.ts"
import { program } from "./program.ts"

/** The language asked for by `--lang`, looked up before anything is parsed, since the help texts depend on it. */
function languageOption(argv: readonly string[]): Locale | undefined {
  const at = argv.findIndex((word) => word === "--lang" || word.startsWith("--lang="))
  const wish = at < 0 ? undefined : (argv[at]?.split("=")[1] ?? argv[at + 1])
  return locales.find((locale) => locale === wish)
}

/** Questions go to standard error, since standard output has the result alone. */
function asking(signal: AbortSignal): Context["ask"] {
  const { stdin, stderr } = process
  if (!stdin.isTTY || !stderr.isTTY) return undefined
  return async (question, { hidden }) =>
    (await import("./ask-on-terminal.ts")).askOnTerminal(question, { stdin, stderr, hidden, signal })
}

/** Runs the command line with this process's arguments, streams and environment, and sets its exit code. */
export async function main(argv: readonly string[] = process.argv.slice(2)): Promise<void> {
  const environment = readEnvironment()
  const locale = languageOption(argv) ?? environment.locale
  const stop = interruption()
  const context: Context = {
    environment,
    locale,
    say: speak(locale),
    stdout: output(process.stdout),
    stderr: output(process.stderr),
    readInput: async () => (await import("./read-input.ts")).readInput(process.stdin, stop.signal),
    ask: asking(stop.signal),
    signal: stop.signal,
    onInterrupt: stop.onInterrupt,
    now: Date.now,
    finish(code) {
      process.exitCode = code
    },
  }
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
  } finally {
    // A socket that somebody forgot must not keep a finished command alive.
    setTimeout(() => process.exit(), 500).unref()
  }
}
