import type { Output } from "./context.ts"

/** Wraps a process stream. Whoever reads our output may leave early (`| head`): that is no error, the rest is dropped. */
export function output(stream: NodeJS.WriteStream): Output {
  let gone = false
  stream.on("error", (error: NodeJS.ErrnoException) => {
    gone = true
    if (error.code !== "EPIPE" && error.code !== "ERR_STREAM_DESTROYED") process.exitCode = 1
  })
  return {
    write(content) {
      if (!gone) stream.write(content)
    },
    isTerminal: stream.isTTY === true,
    size: () => ({ columns: stream.columns || 80, rows: stream.rows || 24 }),
    onResize(changed) {
      stream.on("resize", changed)
      return () => stream.off("resize", changed)
    },
  }
}
