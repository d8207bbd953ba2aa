import { describeError, describeErrorDetail, describeHint, isTransferError, redact, TransferError } from "@entrepot/core"
import type { Context } from "./context.ts"
import { type ExitCode, exitCodeOf, exitCodes } from "./exit-code.ts"
import { failureLines } from "./renderers/failure-lines.ts"
import type { Failure, Look } from "./renderers/look.ts"
import { createPaint } from "./renderers/paint.ts"
import { printable } from "./renderers/text-width.ts"
import { type Refusal, refusalOf } from "./run/refusal.ts"

/** How this run shows things, on a terminal or not. */
export function lookOf({ environment, locale, say, stderr }: Context): Look {
  return {
    say,
    paint: createPaint(environment.colour && stderr.isTerminal),
    unicode: environment.unicode,
    describe: (failure) =>
      isKeyMissing(failure) ? say("An API key is missing", "缺少 API 密钥") : describeError(failure, locale),
    detail: (failure) => describeErrorDetail(failure, locale),
    hint: (hint) => describeHint(hint, locale),
  }
}

/** What no registry has refused is a key for the application. */
function isKeyMissing({ code, side }: Failure): boolean {
  return code === "unauthorized" && side === "local"
}

/** Tells on standard error why a command failed, and returns its exit code. Only a defect of ours is shown with its stack. */
export function reportError(error: unknown, context: Context): ExitCode {
  const { stderr, say, signal } = context
  if (signal.aborted || isTransferError(error, "cancelled")) {
    stderr.write(`${say("stopped", "已停止")}\n`)
    return exitCodes.cancelled
  }
  const refusal = refusalOf(error)
  if (refusal !== undefined) {
    stderr.write(`${refusalLines(refusal, context).join("\n")}\n`)
    return refusal.exitCode
  }
  const failure = isTransferError(error) ? error : localFailure(error)
  if (failure === undefined) {
    stderr.write(
      `${say("This is a defect of entrepot; please report it:", "这是 entrepot 的缺陷，请反馈：")}\n${describeDefect(error)}\n`,
    )
    return exitCodes.failed
  }
  stderr.write(`${failureLines(failure, lookOf(context)).join("\n")}\n`)
  return exitCodeOf(failure.code)
}

/** The application's no in lines, with its own sentence. */
function refusalLines({ sentence, message, host, status, attempts, hint }: Refusal, context: Context): string[] {
  // Its codes are more than core's; `describe`, the one reader of the code, is told the sentence.
  const failure = { code: "rejected", message, host, status, attempts, hint } as const
  return failureLines(failure, { ...lookOf(context), describe: () => sentence[context.locale] })
}

/** An error of the file system, which names its path and code itself. */
function localFailure(error: unknown): TransferError | undefined {
  return error instanceof Error && "syscall" in error && "path" in error
    ? new TransferError("local_io", error.message, { side: "local" })
    : undefined
}

function describeDefect(error: unknown): string {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return redact(text).split("\n").map(printable).join("\n")
}
