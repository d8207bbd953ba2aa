import { cpus, release, totalmem } from "node:os"
import { median, type Result } from "./result.ts"

const columns = [
  "workload",
  "program",
  "wall",
  "CPU",
  "memory",
  "requests (source + target)",
  "bytes (source, target)",
  "",
] as const

/** One line for each result; cells as text. */
function rows(results: readonly Result[]): string[][] {
  let last = ""
  return results.map((result) => {
    const { runs, source, target } = result
    const first = result.workload !== last
    last = result.workload
    const walls = runs.map((run) => run.wallMs)
    return [
      first ? result.title : "",
      `${result.peer} (${result.version})`,
      runs.length > 1
        ? `${seconds(median(walls))} (${seconds(Math.min(...walls))}–${seconds(Math.max(...walls))})`
        : seconds(median(walls)),
      seconds(median(runs.map((run) => run.cpuMs))),
      mebibytes(median(runs.map((run) => run.peakMemoryBytes))),
      source && target ? `${source.requests} + ${target.requests}` : "",
      source && target ? `${mebibytes(source.bytes)}, ${mebibytes(target.bytes)}` : "",
      result.failure ?? "",
    ]
  })
}

/** For a terminal. */
export function textTable(results: readonly Result[]): string {
  const all = [[...columns], ...rows(results)]
  const widths = columns.map((_, at) => Math.max(...all.map((row) => row[at]?.length ?? 0)))
  return all
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n")
}

/** For a page; with the machine above it. */
export function markdownTable(results: readonly Result[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`
  const head = columns.map((column) => column || "remark")
  return [`${machine()}\n`, line(head), line(head.map(() => "---")), ...rows(results).map(line), ""].join("\n")
}

/** What it was measured on. */
export function machine(): string {
  const processors = cpus()
  const memory = `${Math.round(totalmem() / 1024 ** 3)} GiB`
  const model = processors[0]?.model.trim() || "unknown processor"
  return `${processors.length} × ${model}, ${memory}, Linux ${release()}, Node ${process.versions.node}, ${new Date().toISOString().slice(0, 10)}`
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(2)} s`
}

function mebibytes(bytes: number): string {
  const value = bytes / 1024 / 1024
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} MiB`
}
