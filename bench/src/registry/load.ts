import { spawn } from "node:child_process"
import { which } from "../../../packages/testing/src/index.ts"
import { type ProcessUse, processUse } from "../app/process-use.ts"
import type { Subject } from "./subject.ts"

/** What is asked for; distribution would make a manifest of the first kind of any other for a client that says nothing. */
export const manifestType = "application/vnd.oci.image.manifest.v1+json"

/** What many requests showed. */
export interface Load {
  readonly perSecond: number
  readonly p99Ms: number
  readonly cpuMicrosecondsEach: number
  /** At its largest since the process began. */
  readonly peakBytes: number
  readonly bytesPerSecond: number
  /** Requests that were refused, timed out or not answered with 2xx. */
  readonly failed: number
}

/** Asks for the path for so long, over so many connections. With a script, wrk asks it for each request. */
export async function load(
  subject: Subject,
  path: string,
  options: { readonly connections: number; readonly seconds: number; readonly script?: string },
): Promise<Load> {
  const before = useOf(subject)
  const { connections, seconds, script } = options
  const text = await run(which("wrk") ?? "wrk", [
    ...["-t1", `-c${connections}`, `-d${seconds}s`, "--latency", "--timeout", "30s", "-H", `Accept: ${manifestType}`],
    ...(script === undefined ? [] : ["-s", script]),
    `${subject.origin}${path}`,
  ])
  const after = useOf(subject)
  const requests = Number(/(\d+) requests in/.exec(text)?.[1] ?? 0)
  const [, connect = 0, read = 0, write = 0, timeout = 0] =
    /connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text)?.map(Number) ?? []
  return {
    perSecond: Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1] ?? 0),
    p99Ms: milliseconds(/99%\s+([\d.]+)(us|ms|s|m)/.exec(text)),
    cpuMicrosecondsEach: ((after.cpuMs - before.cpuMs) * 1000) / Math.max(1, requests),
    peakBytes: after.peakBytes,
    bytesPerSecond: bytesOf(/Transfer\/sec:\s+([\d.]+)(\w+)/.exec(text)),
    failed: connect + read + write + timeout + Number(/Non-2xx or 3xx responses: (\d+)/.exec(text)?.[1] ?? 0),
  }
}

/** Time and memory of all of its processes. */
export function useOf(subject: Subject): ProcessUse {
  const uses = subject.pids.map(processUse)
  const sum = (field: keyof ProcessUse) => uses.reduce((total, use) => total + use[field], 0)
  return { cpuMs: sum("cpuMs"), memoryBytes: sum("memoryBytes"), peakBytes: sum("peakBytes") }
}

/** One download of a client. */
export interface Download {
  readonly status: number
  readonly firstByteMs: number
  readonly totalMs: number
  readonly bytes: number
}

/** So many clients at once, each a curl of its own. A shell starts them: to fork a process as large as this one takes long, and an upstream may be in it. */
export async function download(url: string, clients = 1): Promise<readonly Download[]> {
  const format = "%{http_code} %{time_starttransfer} %{time_total} %{size_download}\\n"
  const one = `curl -s -o /dev/null -w '${format}' '${url}' &`
  const text = await run("sh", ["-c", `${one.repeat(clients)} wait`])
  return text
    .trim()
    .split("\n")
    .map((line) => {
      const [status = 0, first = 0, total = 0, bytes = 0] = line.split(" ").map(Number)
      return { status, firstByteMs: first * 1000, totalMs: total * 1000, bytes }
    })
}

function run(path: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, { stdio: ["ignore", "pipe", "inherit"] })
    let text = ""
    child.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString()
    })
    child.once("error", reject)
    child.once("close", () => resolve(text))
  })
}

const inMilliseconds: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000 }
const inBytes: Readonly<Record<string, number>> = { B: 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 }

function milliseconds(match: RegExpExecArray | null): number {
  return Number(match?.[1] ?? 0) * (inMilliseconds[match?.[2] ?? ""] ?? 0)
}

function bytesOf(match: RegExpExecArray | null): number {
  return Number(match?.[1] ?? 0) * (inBytes[match?.[2] ?? ""] ?? 0)
}
