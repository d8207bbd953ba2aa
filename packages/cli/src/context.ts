import type { Locale } from "@entrepot/core"
import type { Environment } from "./environment.ts"
import type { ExitCode } from "./exit-code.ts"
import type { Say } from "./locale.ts"

/** A stream the command line writes to. */
export interface Output {
  write(content: string | Uint8Array): void
  readonly isTerminal: boolean
  /** Size of the terminal in characters; 80 by 24 where there is none. */
  size(): { readonly columns: number; readonly rows: number }
  /** Calls back when the size changes; returns how to stop that. */
  onResize(changed: () => void): () => void
}

/** What every command is handed: the outside world, and the way to end. */
export interface Context {
  readonly environment: Environment
  readonly locale: Locale
  readonly say: Say
  /** Results, alone. */
  readonly stdout: Output
  /** Progress, notes, errors. */
  readonly stderr: Output
  /** All of standard input, for passwords; at most 64 KiB. */
  readInput(): Promise<string>
  /** Puts a question to the person at the terminal and returns the line typed; undefined where nobody is there to answer. */
  readonly ask: ((question: string, options: { readonly hidden: boolean }) => Promise<string>) | undefined
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal
  /** Called once when the signal is aborted; the latest handler wins. */
  onInterrupt(handler: () => void): void
  /** Milliseconds. */
  now(): number
  finish(code: ExitCode): void
}
