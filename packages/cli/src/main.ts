import type { Context } from "./context.ts"
import { readEnvironment } from "./environment.ts"
import { interruption } from "./interruption.ts"
import { speak } from "./locale.ts"
import { output } from "./output.ts"
import { localeFor, runCommand } from "./run-command.ts"

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
  const locale = localeFor(argv, environment)
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
  await runCommand(argv, context)
  // A socket that somebody forgot must not keep a finished command alive.
  setTimeout(() => process.exit(), 500).unref()
}
