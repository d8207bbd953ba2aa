import { StringDecoder } from "node:string_decoder"
import { TransferError } from "@entrepot/core"

export interface AskOptions {
  readonly stdin: Pick<NodeJS.ReadStream, "setRawMode" | "on" | "off" | "resume" | "pause">
  readonly stderr: { write(text: string): unknown }
  /** What is typed does not appear: for passwords. */
  readonly hidden: boolean
  readonly signal: AbortSignal
}

const longestAnswer = 4096

/**
 * Asks one question on a terminal and returns the line that is typed. The terminal is in raw mode meanwhile, so that nothing is echoed by it, and
 * is left as it was found.
 * @throws TransferError `cancelled` on Ctrl-C, Ctrl-D or abort, `usage` for more than 4096 characters.
 */
export function askOnTerminal(question: string, { stdin, stderr, hidden, signal }: AskOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const decoder = new StringDecoder("utf8")
    let answer: string[] = []
    const end = (settle: () => void) => {
      stdin.off("data", typed)
      signal.removeEventListener("abort", abort)
      stdin.setRawMode(false)
      stdin.pause()
      stderr.write("\n")
      settle()
    }
    const abort = () => end(() => reject(new TransferError("cancelled", "stopped on request")))
    const typed = (bytes: Buffer) => {
      for (const character of decoder.write(bytes)) {
        if (character === "\r" || character === "\n") return end(() => resolve(answer.join("")))
        if (character === "\u0003" || character === "\u0004") return abort()
        if (character === "\u007f" || character === "\b") {
          if (answer.pop() !== undefined && !hidden) stderr.write("\b \b")
        } else if (character === "\u0015") {
          if (!hidden) stderr.write("\b \b".repeat(answer.length))
          answer = []
        } else if (character >= " ") {
          answer.push(character)
          if (!hidden) stderr.write(character)
        }
        if (answer.length > longestAnswer) {
          return end(() => reject(new TransferError("usage", `the answer is longer than ${longestAnswer} characters`)))
        }
      }
    }
    if (signal.aborted) return reject(new TransferError("cancelled", "stopped on request"))
    stderr.write(question)
    stdin.setRawMode(true)
    stdin.on("data", typed)
    stdin.resume()
    signal.addEventListener("abort", abort, { once: true })
  })
}
