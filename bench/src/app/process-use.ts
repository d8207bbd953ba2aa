import { readFileSync } from "node:fs"

/** What a process has used: Linux tells. */
export interface ProcessUse {
  /** User and system time. */
  readonly cpuMs: number
  /** Resident now, and at its largest. */
  readonly memoryBytes: number
  readonly peakBytes: number
}

export function processUse(pid: number): ProcessUse {
  const status = readFileSync(`/proc/${pid}/status`, "utf8")
  const kibibytes = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) * 1024
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? []
  // Clock ticks of a hundredth of a second; fields 14 and 15 of proc(5), counted from the state on.
  const cpuMs = (Number(fields[11]) + Number(fields[12])) * 10
  return { cpuMs, memoryBytes: kibibytes("VmRSS"), peakBytes: kibibytes("VmHWM") }
}
