import { spawn } from "node:child_process"
import type { Variables } from "./child-process.ts"

/** Runs a program to its end and gives its stdout. @throws Error with what it wrote when it does not exit with 0. */
export async function runProgram(
  path: string,
  args: readonly string[],
  options: { input?: Buffer; env?: Variables; signal?: AbortSignal } = {},
): Promise<Buffer> {
  const child = spawn(path, args, {
    env: (options.env ?? process.env) as NodeJS.ProcessEnv,
    stdio: "pipe",
    ...(options.signal ? { signal: options.signal } : {}),
  })
  const stdout: Buffer[] = []
  const stderr: Buffer[] = []
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk))
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk))
  child.stdin.on("error", () => {})
  child.stdin.end(options.input)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject)
    child.once("close", resolve)
  })
  if (code !== 0) throw new Error(`${path} ${args.join(" ")}: exit ${code}\n${Buffer.concat([...stderr, ...stdout])}`)
  return Buffer.concat(stdout)
}
