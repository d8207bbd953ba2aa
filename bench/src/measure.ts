import { spawn } from "node:child_process"
import { readdirSync, readFileSync } from "node:fs"

export interface Measured {
  readonly wallMs: number
  /** User and system time of the program and all it started. */
  readonly cpuMs: number
  /** Largest resident size of its processes, sampled; their sum. */
  readonly peakMemoryBytes: number
  /** Undefined when it was killed for taking too long. */
  readonly exitCode: number | undefined
  /** The end of what it wrote to stderr. */
  readonly said: string
}

/** POSIX `times` gives the CPU time of what the shell ran, which Node cannot ask for. */
const timed = `"$@"; code=$?; times >&3; exit $code`
const sampleEveryMs = 10

/** Runs a program to its end, or for `limitMs`. */
export async function measure(
  path: string,
  args: readonly string[],
  options: { env: NodeJS.ProcessEnv; limitMs: number; cwd: string },
): Promise<Measured> {
  const started = performance.now()
  const child = spawn("sh", ["-c", timed, "sh", path, ...args], {
    env: options.env,
    cwd: options.cwd,
    stdio: ["ignore", "ignore", "pipe", "pipe"],
    detached: true,
  })
  let said = ""
  let times = ""
  child.stderr?.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2000)
  })
  child.stdio[3]?.on("data", (chunk: Buffer) => {
    times += chunk.toString()
  })
  const peaks = new Map<number, number>()
  const sample = () => {
    for (const pid of descendants(child.pid ?? 0)) peaks.set(pid, Math.max(peaks.get(pid) ?? 0, peakOf(pid)))
  }
  const sampler = setInterval(sample, sampleEveryMs)
  let late = false
  const limit = setTimeout(() => {
    late = true
    if (child.pid) process.kill(-child.pid, "SIGKILL")
  }, options.limitMs)
  let wallMs = 0
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject)
    child.once("exit", () => {
      wallMs = performance.now() - started
    })
    child.once("close", resolve)
  })
  clearInterval(sampler)
  clearTimeout(limit)
  return {
    wallMs,
    cpuMs: childrenTime(times),
    peakMemoryBytes: [...peaks.values()].reduce((sum, each) => sum + each, 0),
    exitCode: late ? undefined : (code ?? -1),
    said: said.trim(),
  }
}

/** The second line of `times`: user and system time of the children, as `0m1.234s`. */
function childrenTime(text: string): number {
  const line = text.split("\n")[1] ?? ""
  return [...line.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, seconds]) => sum + Number(minutes) * 60e3 + Number(seconds) * 1e3,
    0,
  )
}

function descendants(pid: number): number[] {
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, "utf8").split(" ").filter(Boolean).map(Number),
    )
    return children.flatMap((child) => [child, ...descendants(child)])
  } catch {
    return []
  }
}

function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}
