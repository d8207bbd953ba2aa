import { type ChildProcess, spawn } from "node:child_process"

/** A started program that ends with its owner, and whose output is kept for error messages. */
export interface Child extends AsyncDisposable {
  readonly pid: number
  /** What it wrote to stdout and stderr so far, the last 256 KiB of it. */
  output(): string
  /** True once it has ended. */
  readonly ended: boolean
  /** Sends a signal to exactly this process. */
  signal(signal: NodeJS.Signals): void
  /** Waits for its end; after `graceMs` it is killed. */
  stop(signal?: NodeJS.Signals, graceMs?: number): Promise<void>
}

/** Variables of a program. Wider than Node's own type, to which Next adds a NODE_ENV that must be there. */
export type Variables = Readonly<Record<string, string | undefined>>

const outputLimit = 256 * 1024

/** Starts a program, as another user where `identity` names one; it is killed when this process exits. */
export function startChild(
  path: string,
  args: readonly string[],
  env: Variables = process.env,
  identity: { readonly uid?: number; readonly gid?: number } = {},
): Child {
  const child: ChildProcess = spawn(path, args, { env: env as NodeJS.ProcessEnv, stdio: ["ignore", "pipe", "pipe"], ...identity })
  let text = ""
  const keep = (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-outputLimit)
  }
  child.stdout?.on("data", keep)
  child.stderr?.on("data", keep)
  let ended = false
  const killNow = () => void child.kill("SIGKILL")
  process.once("exit", killNow)
  const end = new Promise<void>((resolve) => {
    child.once("error", (error) => {
      keep(Buffer.from(`${error.message}\n`))
      ended = true
      resolve()
    })
    child.once("exit", () => {
      ended = true
      process.removeListener("exit", killNow)
      resolve()
    })
  })
  const stop = async (signal: NodeJS.Signals = "SIGTERM", graceMs = 5000): Promise<void> => {
    if (ended) return
    child.kill(signal)
    const timer = setTimeout(killNow, graceMs)
    await end
    clearTimeout(timer)
  }
  return {
    pid: child.pid ?? -1,
    output: () => text,
    get ended() {
      return ended
    },
    signal: (signal) => void child.kill(signal),
    stop,
    [Symbol.asyncDispose]: () => stop(),
  }
}

/** Asks `ready` until it says yes. @throws Error with the program's output when it ends or `timeoutMs` pass before. */
export async function waitUntilReady(
  child: Child,
  ready: () => Promise<boolean>,
  timeoutMs: number,
  name: string,
): Promise<void> {
  const deadline = Date.now() + timeoutMs
  while (!(await ready())) {
    if (child.ended) throw new Error(`${name} ended before it answered:\n${child.output()}`)
    if (Date.now() > deadline) throw new Error(`${name} did not answer within ${timeoutMs} ms:\n${child.output()}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
